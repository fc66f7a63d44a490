import { allocate, type TypedArray } from "../array/dtype.ts";
import { ShapeError } from "../array/errors.ts";
import { formatShape, sameShape, sizeOf } from "../array/shape.ts";
import type { DenseTensor } from "../array/tensor.ts";
import { type Multiply, multiply } from "./contraction.ts";
import { checkDomain, dtypeMismatch } from "./elementwise.ts";
import { allWeak, type Primitive } from "./primitive.ts";

/** Two numbers, for rows and for columns of a picture. */
export type Pair = readonly [number, number];

/**
 * Parameters of `conv`. Output o and place k of the kernel read row o·stride + k·dilation − low of the picture, whose rows are
 * `inputDilation` apart with zeros between them; rows outside the picture are zeros too. Columns likewise.
 */
export interface ConvParams {
  readonly stride: Pair;
  readonly dilation: Pair;
  readonly inputDilation: Pair;
  /** Rows and columns of zeros before the picture; a negative number leaves out rows and columns. */
  readonly low: Pair;
  /** Rows and columns of the result. */
  readonly size: Pair;
}

/** The row or column of a picture that an output reads at a place of the kernel; undefined for a zero. */
export function placeRead(
  params: ConvParams,
  axis: 0 | 1,
  output: number,
  place: number,
  length: number,
): number | undefined {
  const { stride, dilation, inputDilation, low } = params;
  const at = (output * stride[axis] + place * dilation[axis] - low[axis]) / inputDilation[axis];
  return Number.isInteger(at) && at >= 0 && at < length ? at : undefined;
}

/** The evaluation of `conv` by a product of matrices: the windows of one picture at a time, times the kernel. */
export const eachPicture =
  (multiplyOne: Multiply): Primitive<ConvParams>["eval"] =>
  ([x, kernel], params, type) => {
    const [n, h, w, c] = x!.shape.slice(-4) as [number, number, number, number];
    const [kh, kw, , o] = kernel!.shape.slice(-4) as [number, number, number, number];
    const out = allocate(type.dtype, sizeOf(type.shape));
    const [m, k] = [sizeOf(params.size), kh * kw * c];
    const windows = allocate(type.dtype, m * k);
    for (let picture = 0; picture < sizeOf(type.shape.slice(0, -3)); picture++) {
      const pixels = x!.buffer.subarray(picture * h * w * c, (picture + 1) * h * w * c);
      fillWindows(windows, pixels, [h, w, c], [kh, kw], params);
      const from = Math.floor(picture / n) * k * o;
      multiplyOne(
        out.subarray(picture * m * o, (picture + 1) * m * o),
        windows,
        kernel!.buffer.subarray(from, from + k * o),
        m,
        k,
        o,
      );
    }
    return out;
  };

/** The windows [oh, ow, kh, kw, c] of one picture [h, w, c]. */
function fillWindows(
  windows: TypedArray,
  pixels: TypedArray,
  [h, w, c]: readonly [number, number, number],
  [kh, kw]: Pair,
  params: ConvParams,
): void {
  let to = 0;
  for (let oy = 0; oy < params.size[0]; oy++) {
    for (let ox = 0; ox < params.size[1]; ox++) {
      for (let ky = 0; ky < kh; ky++) {
        const row = placeRead(params, 0, oy, ky, h);
        for (let kx = 0; kx < kw; kx++, to += c) {
          const column = row === undefined ? undefined : placeRead(params, 1, ox, kx, w);
          if (column === undefined) windows.fill(0, to, to + c);
          else windows.set(pixels.subarray((row! * w + column) * c, (row! * w + column + 1) * c), to);
        }
      }
    }
  }
}

/**
 * Convolution of pictures: x [...B, n, h, w, c] and kernel [...B, kh, kw, c, o] → [...B, n, ...size, o]. Each output is Σ over the
 * places and channels of the kernel, which is not turned round. Zeros beside the picture are multiplied like its numbers; compiled code leaves out zeros between rows.
 */
export const conv: Primitive<ConvParams, 2, "contract"> = {
  name: "conv",
  arity: 2,
  role: "contract",
  type(operands, { size }) {
    const [x, kernel] = operands as [DenseTensor, DenseTensor];
    if (x.dtype !== kernel.dtype) throw dtypeMismatch("conv", x.dtype, kernel.dtype);
    checkDomain("conv", "float", x.dtype);
    const rank = x.shape.length;
    const [batch, own] = [x.shape.slice(0, -4), kernel.shape.slice(0, -4)];
    if (rank < 4 || kernel.shape.length !== rank || !sameShape(batch, own)) {
      throw new ShapeError(
        `conv: needs x [...B, n, h, w, c] and a kernel [...B, kh, kw, c, o], got ${formatShape(x.shape)} and ${formatShape(kernel.shape)}`,
      );
    }
    const [channels, taken] = [x.shape[rank - 1]!, kernel.shape[rank - 2]!];
    if (channels !== taken) {
      throw new ShapeError(
        `conv: x has ${channels} channels and the kernel takes ${taken}, got x ${formatShape(x.shape)} and kernel ${formatShape(kernel.shape)}`,
      );
    }
    const shape = [...batch, x.shape[rank - 4]!, ...size, kernel.shape[rank - 1]!];
    return { shape, dtype: x.dtype, weak: allWeak(operands) };
  },
  eval: eachPicture(multiply),
};

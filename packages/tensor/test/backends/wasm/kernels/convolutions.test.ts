import { errorBounds, expectSameBits, expectWithin, forAll, primitiveCases } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { wasm } from "../../../../src/backends/wasm/wasmBackend.ts";
import {
  bind,
  type ConvParams,
  compile,
  concat,
  conv,
  matmul,
  type Pair,
  primitives,
  type Tensor,
  trace,
} from "../../../../src/index.ts";
import { compiledCheck, values } from "../support/compiledCheck.ts";
import { runSplit } from "../support/runSplit.ts";

const dtypes = ["float32", "float64"] as const;

const check = compiledCheck([1, 3]);

const apply =
  (params: ConvParams) =>
  (x: Tensor, kernel: Tensor): Tensor =>
    bind(primitives.conv, [x, kernel], params);

/** The convolution of the gradient of a kernel: channels as pictures, and the outputs as a kernel. */
const ofKernel =
  (params: ConvParams) =>
  (x: Tensor, ct: Tensor): Tensor =>
    apply(params)(x.swapAxes(0, 3), ct.transpose([1, 2, 0, 3]));

/** The convolution of the gradient of pictures: the kernel turned round. */
const ofPictures =
  (params: ConvParams) =>
  (ct: Tensor, kernel: Tensor): Tensor =>
    apply(params)(ct, kernel.flip([0, 1]).swapAxes(2, 3));

const plain = { stride: [1, 1], dilation: [1, 1], inputDilation: [1, 1] } as const;

/** Windows [n, oh, ow, kh, kw, c] of padded pictures, as slices side by side. */
function windowsOf(x: Tensor, [kh, kw]: Pair, stride: Pair, [oh, ow]: Pair): Tensor {
  const slices = Array.from({ length: kh * kw }, (_, place) => {
    const [ky, kx] = [Math.floor(place / kw), place % kw];
    const rows = [ky, ky + (oh - 1) * stride[0] + 1, stride[0]] as const;
    return x.slice(null, rows, [kx, kx + (ow - 1) * stride[1] + 1, stride[1]]);
  });
  return concat(slices, 3);
}

describe("compiled convolutions", () => {
  it.each(dtypes)("compute what the reference computes for every parameter, with leading axes too, in %s", (dtype) => {
    forAll(
      primitiveCases("conv", { dtype, values: "wide" }),
      ({ operands, params }) => check(apply(params), ...operands),
      { runs: 60 },
    );
  });

  it.each(dtypes)("and for tiles, panels and blocks of steps of every length in %s", (dtype) => {
    for (const [n, side, c, o] of [
      [1, 5, 1, 1],
      [2, 6, 3, 4],
      [3, 7, 4, 9],
      [2, 5, 8, 17],
      [2, 7, 8, 3],
      [2, 7, 2, 6],
      [1, 9, 61, 5],
      [1, 6, 116, 8],
    ]) {
      const [x, kernel] = [values(1, [n, side, side + 1, c], dtype), values(2, [3, 3, c, o], dtype)];
      check((a, b) => conv(a, b), x, kernel);
      check((a, b) => conv(a, b, { stride: [2, 1], padding: "valid" }), x, kernel);
      check(
        ofPictures({ ...plain, inputDilation: [2, 1], low: [2, 1], size: [side * 2 - 1, side] }),
        x,
        values(3, [3, 3, o, c], dtype),
      );
      const ct = values(4, [n, side, side + 1, o], dtype);
      check(ofKernel({ ...plain, low: [1, 1], size: [3, 3] }), x, ct);
      check(ofKernel({ ...plain, dilation: [2, 2], low: [0, 2], size: [2, 4] }), x, ct);
    }
  });

  it.each(dtypes)("leave out zeros between rows of pictures, for every rest of the outputs, in %s", (dtype) => {
    const x = values(1, [2, 4, 3, 5], dtype);
    for (const [kh, kw] of [
      [1, 1],
      [3, 2],
      [4, 5],
    ]) {
      const kernel = values(2, [kh, kw, 5, 6], dtype);
      for (const inputDilation of [
        [3, 1],
        [2, 4],
        [6, 2],
      ] as const) {
        for (const dilation of [
          [1, 1],
          [2, 3],
          [3, 4],
        ] as const) {
          for (const stride of [
            [1, 1],
            [2, 3],
          ] as const) {
            check(apply({ stride, dilation, inputDilation, low: [2, -1], size: [7, 8] }), x, kernel);
          }
        }
      }
    }
    const batch = { ...plain, inputDilation: [2, 2], low: [1, 1], size: [6, 7] } as const;
    check(apply(batch), values(3, [3, 2, 4, 5, 4], dtype), values(4, [3, 3, 2, 4, 9], dtype));
  });

  it.each(dtypes)("sum long gradients of kernels in blocks, in %s", (dtype) => {
    const [x, ct] = [values(1, [4, 13, 12, 6], dtype), values(2, [4, 13, 12, 11], dtype)];
    check(ofKernel({ ...plain, low: [1, 1], size: [3, 3] }), x, ct);
  });

  it.each(dtypes)("follow views: stepped, repeated, turned round, with leading axes, in %s", (dtype) => {
    const [x, kernel] = [values(1, [4, 6, 6, 8], dtype), values(2, [2, 3, 4, 5], dtype)];
    check((a, b) => conv(a.slice([0, 4, 2], null, [0, 6, 2], [1, 8, 2]), b), x, kernel);
    check((a, b) => conv(a.slice(null, null, null, [0, 4]).flip(), b.flip()), x, kernel);
    check((a, b) => conv(a.slice(0).broadcastTo([3, 6, 6, 8]).slice(null, null, null, [4, 8]), b), x, kernel);
    const params = { ...plain, low: [1, 0] as const, size: [5, 4] as const };
    const batch = [2, 3];
    check(apply(params), values(3, [...batch, 2, 4, 5, 3], dtype), values(4, [...batch, 2, 2, 3, 6], dtype));
    const each = (a: Tensor, b: Tensor): Tensor => apply(params)(a, b.broadcastTo([5, ...b.shape]));
    check(each, values(3, [5, 2, 8, 9, 12], dtype), values(4, [3, 3, 12, 20], dtype));
    check(each, values(3, [5, 2, 28, 28, 12], dtype), values(4, [3, 3, 12, 40], dtype));
  });

  it.each(dtypes)("have the bits of the compiled product of windows in %s", (dtype) => {
    for (const [c, o, stride] of [
      [4, 8, 1],
      [5, 3, 2],
      [20, 18, 1],
      [60, 8, 1],
    ]) {
      const [x, kernel] = [values(1, [2, 9, 8, c], dtype), values(2, [3, 3, c, o], dtype)];
      const [oh, ow] = [9, 8].map((n) => Math.ceil(n / stride));
      const before = [9, 8].map((n, axis) => Math.floor((([oh, ow][axis] - 1) * stride + 3 - n) / 2));
      const product = (a: Tensor, b: Tensor): Tensor => {
        const around = a.pad([[0, 0], [before[0], 2], [before[1], 2], [0, 0]]); // biome-ignore format: pairs
        const windows = windowsOf(around, [3, 3], [stride, stride], [oh, ow]).reshape([2 * oh * ow, 9 * c]);
        return matmul(windows, b.reshape([9 * c, o])).reshape([2, oh, ow, o]);
      };
      const got = compile((a: Tensor, b: Tensor) => conv(a, b, { stride }), { backend: "wasm", threads: 1 })(x, kernel);
      expectSameBits(got, compile(product, { backend: "wasm", threads: 1 })(x, kernel));
    }
  });

  it("differ from it where another row is read (control)", () => {
    const [x, kernel] = [values(1, [1, 5, 5, 4], "float32"), values(2, [3, 3, 4, 8], "float32")];
    const want = errorBounds(trace((a: Tensor, b: Tensor) => conv(a, b))(x, kernel), [x, kernel]);
    const moved = runSplit(apply({ ...plain, low: [1, 2], size: [5, 5] }), [x, kernel]);
    expect(() => expectWithin(moved.outputs, want)).toThrow();
  });

  it("give the same bits for any number of threads", () => {
    const [x, kernel] = [values(1, [16, 14, 14, 24], "float32"), values(2, [3, 3, 24, 32], "float32")];
    const ct = values(3, [16, 14, 14, 32], "float32");
    const params = { ...plain, low: [1, 1] as const, size: [3, 3] as const };
    const f = (a: Tensor, b: Tensor, c: Tensor): Tensor[] => [conv(a, b), ofKernel(params)(a, c)];
    const program = trace(f)(x, kernel, ct);
    const [one, many] = [1, 4].map((threads) => wasm.prepare(program, { threads }));
    const first = one.run([x, kernel, ct]);
    for (let i = 0; i < 20; i++) expectSameBits(many.run([x, kernel, ct]), first);
    for (const executable of [one, many]) executable.release?.();
  });
});

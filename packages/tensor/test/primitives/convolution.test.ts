import { expectSameBits, forAll, primitiveCases, tensorOf } from "@pushforward/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ConvParams, type DenseTensor, evaluate, fromData, primitives, tensor } from "../../src/index.ts";
import { at, type Index, tabulate } from "../support/naive.ts";

/** Σ over places and channels of a picture that is written out, with its zeros inside and around it. */
function writtenOut(x: DenseTensor, kernel: DenseTensor, params: ConvParams): DenseTensor {
  const { stride, dilation, inputDilation, low, size } = params;
  const [kh, kw, c] = kernel.shape.slice(-4);
  const wide = new Map<string, number>();
  tabulate(x.shape, (index) => {
    const [row, column] = index.slice(-3, -1).map((i, axis) => i * inputDilation[axis] + low[axis]);
    wide.set([...index.slice(0, -3), row, column, index.at(-1)].join(), at(x, index));
    return 0;
  });
  const shape = [...x.shape.slice(0, -3), ...size, kernel.shape.at(-1)!];
  const element = (index: Index): number => {
    const [batch, pictures] = [index.slice(0, -4), index.slice(0, -3)];
    const [oy, ox, o] = index.slice(-3);
    let total = 0;
    for (let ky = 0; ky < kh; ky++) {
      for (let kx = 0; kx < kw; kx++) {
        for (let k = 0; k < c; k++) {
          const place = [...pictures, oy * stride[0] + ky * dilation[0], ox * stride[1] + kx * dilation[1], k];
          total += (wide.get(place.join()) ?? 0) * at(kernel, [...batch, ky, kx, k, o]);
        }
      }
    }
    return total;
  };
  return tensor(tabulate(shape, element), { shape, dtype: x.dtype });
}

const plain: ConvParams = { stride: [1, 1], dilation: [1, 1], inputDilation: [1, 1], low: [0, 0], size: [1, 1] };

describe("conv", () => {
  it.each(["float64", "float32"] as const)("equals the sum over a picture that is written out, in %s", (dtype) => {
    forAll(
      primitiveCases("conv", { dtype, values: "wide" }),
      ({ operands: [x, kernel], params }) => {
        expectSameBits(evaluate(primitives.conv, [x, kernel], params), writtenOut(x, kernel, params));
      },
      { runs: 200 },
    );
  });

  it("differs from the sum with another place of the picture (control)", () => {
    let broken = 0;
    forAll(primitiveCases("conv", { dtype: "float64", values: "wide" }), ({ operands: [x, kernel], params }) => {
      const moved = { ...params, low: [params.low[0] + 1, params.low[1]] as const };
      const [got, want] = [evaluate(primitives.conv, [x, kernel], params), writtenOut(x, kernel, moved)];
      if (!got.equal(want).all().item()) broken++;
    });
    expect(broken).toBeGreaterThan(10);
  });

  it("has the bits of a product of matrices where the window is the picture", () => {
    const pairs = fc.integer({ min: 1, max: 90 }).chain((k) => fc.tuple(tensorOf([3, k]), tensorOf([k, 2])));
    forAll(pairs, ([x, y]) => {
      const k = x.shape[1];
      const got = evaluate(
        primitives.conv,
        [fromData(x.buffer, [3, 1, k, 1]), fromData(y.buffer, [1, k, 1, 2])] as DenseTensor[],
        plain,
      );
      expectSameBits(got.reshape([3, 2]), evaluate(primitives.matmul, [x, y], {}));
    });
  });

  it("multiplies zeros beside the picture like numbers of the picture", () => {
    const kernel = tensor([Infinity, 2], { shape: [1, 2, 1, 1] });
    const got = evaluate(primitives.conv, [tensor([3], { shape: [1, 1, 1, 1] }), kernel], { ...plain, low: [0, 1] });
    expect(got.item()).toBeNaN();
  });

  it("without channels or places is 0", () => {
    const x = tensor([], { shape: [1, 2, 2, 0] });
    const got = evaluate(primitives.conv, [x, tensor([], { shape: [1, 1, 0, 2] })], plain);
    expectSameBits(got, tensor([0, 0], { shape: [1, 1, 1, 2] }));
    const none = evaluate(
      primitives.conv,
      [tensor([1], { shape: [1, 1, 1, 1] }), tensor([], { shape: [0, 1, 1, 1] })],
      plain,
    );
    expectSameBits(none, tensor([0], { shape: [1, 1, 1, 1] }));
  });
});

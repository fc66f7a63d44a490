import { jvp, vjp } from "@pushforward/autodiff";
import { compile, eye, key, matmul, mul, normal, sub, type Tensor, tensor, uniform } from "@pushforward/tensor";
import { type Matrix, expm as mathjsExpm, matrix } from "mathjs";
import { describe, expect, it } from "vitest";
import { expm } from "../src/expm.ts";
import { expectValues, valuesOf } from "./expectValues.ts";

const oracle = (rows: number[][]): number[] => ((mathjsExpm(matrix(rows)) as Matrix).toArray() as number[][]).flat();

describe("expm", () => {
  it.each([0.01, 0.4, 1, 3, 8])("agrees with mathjs at norm about %f", (scale) => {
    for (const dim of [1, 2, 4]) {
      const m = normal(key(dim), [dim, dim]).mul(scale / dim);
      const expected = oracle(m.toArray() as number[][]);
      expectValues(expm(m), expected, 1e-12 * Math.max(1, ...expected.map(Math.abs)));
    }
  });

  it("takes batches, each matrix for itself", () => {
    const m = uniform(key(1), [3, 2, 2]).mul(tensor([0.1, 1, 10], { shape: [3, 1, 1] }));
    const apart = [0, 1, 2].flatMap((i) => oracle(m.slice(i).toArray() as number[][]));
    expectValues(expm(m), apart, 1e-9);
  });

  it("of zeros is the identity, of a rotation the rotation", () => {
    expectValues(expm(mul(eye(3), 0)), valuesOf(eye(3)), 0);
    const turn = expm(
      tensor([
        [0, -Math.PI],
        [Math.PI, 0],
      ]),
    );
    expectValues(turn, [-1, 0, 0, -1], 1e-14);
  });

  it("e^M·e^{−M} is the identity, and e^{A + B} = e^A·e^B only where they commute", () => {
    const [a, b] = [normal(key(3), [3, 3]), normal(key(4), [3, 3])];
    expectValues(matmul(expm(a), expm(a.neg())), valuesOf(eye(3)), 1e-12);
    expect(
      sub(expm(a.add(b)), matmul(expm(a), expm(b)))
        .abs()
        .max()
        .item(),
    ).toBeGreaterThan(0.1);
  });

  it("differentiates and compiles", () => {
    const [m, dm] = [normal(key(5), [2, 2]), normal(key(6), [2, 2])];
    const h = 1e-5;
    const [, tangent] = jvp(expm, [m], [dm]);
    expectValues(tangent, valuesOf(sub(expm(m.add(dm.mul(h))), expm(m.sub(dm.mul(h)))).div(2 * h)), 1e-8);
    const ct = normal(key(7), [2, 2]);
    const [, pullback] = vjp((y: Tensor) => expm(y), [m]);
    expect(mul(pullback(ct)[0], dm).sum().item()).toBeCloseTo(mul(ct, tangent).sum().item(), 12);
    expectValues(compile((y: Tensor) => expm(y, { normBound: 4 }))(m), valuesOf(expm(m)), 1e-13);
  });

  it("refuses what is not square or not finite", () => {
    expect(() => expm(tensor([[1, 2]]))).toThrow("expm: matrices must be square, [..., dim, dim], got [1, 2]");
    expect(() => expm(tensor([[Number.NaN]]))).toThrow(/entries must be finite/);
  });
});

import { describe, expect, it } from "vitest";
import { buildPlan } from "../../src/compiler/buildPlan.ts";
import type { ContractKernel } from "../../src/compiler/plan.ts";
import { matmul, simplify, type Tensor, tanh, trace, where, zeros } from "../../src/index.ts";

const [x, w, bias] = [[32, 4], [4, 8], [8]].map((shape) => zeros(shape, { dtype: "float32" }));

/** Names of the primitives in the epilogue of each contraction of a program. */
const epiloguesOf = (f: (...xs: Tensor[]) => unknown, ...inputs: Tensor[]): string[][] =>
  buildPlan(simplify(trace(f)(...inputs)))
    .kernels.filter((kernel): kernel is ContractKernel => kernel.kind === "contract")
    .map(({ epilogue }) => epilogue.map(({ primitive }) => primitive.name));

describe("withEpilogues", () => {
  it("attaches the bias and the activation of a layer to its product", () => {
    expect(epiloguesOf((a, b, c) => tanh(matmul(a, b).add(c)), x, w, bias)).toEqual([["add", "tanh"]]);
  });

  it("attaches both layers of a network each to its own product", () => {
    const f = (a: Tensor, b: Tensor, c: Tensor) => matmul(tanh(matmul(a, b).add(c)), b.transpose()).sin();
    expect(epiloguesOf(f, x, w, bias)).toEqual([["add", "tanh"], ["sin"]]);
  });

  it("keeps the equations in the map, for backends that read no epilogue", () => {
    const { kernels } = buildPlan(simplify(trace((a: Tensor, b: Tensor) => matmul(a, b).sin())(x, w)));
    expect(kernels.map(({ kind, equations }) => [kind, equations.length])).toEqual([
      ["contract", 1],
      ["map", 1],
    ]);
  });

  it("attaches nothing to a product that is a result, or that two kernels read", () => {
    expect(epiloguesOf((a, b) => matmul(a, b), x, w)).toEqual([[]]);
    expect(
      epiloguesOf(
        (a, b) => {
          const product = matmul(a, b);
          return [product, product.sin()];
        },
        x,
        w,
      ),
    ).toEqual([[]]);
    const inMapAndSum = (a: Tensor, b: Tensor) => [matmul(a, b).sin(), matmul(a, b).sum(0)];
    expect(epiloguesOf(inMapAndSum, x, w)).toEqual([[]]);
  });

  it("ends before a value that two equations read, and after a value that is written", () => {
    const forked = (a: Tensor, b: Tensor) => {
      const y = matmul(a, b).add(1);
      return y.sin().mul(y.cos());
    };
    expect(epiloguesOf(forked, x, w)).toEqual([["add"]]);
    const written = (a: Tensor, b: Tensor) => {
      const y = matmul(a, b).add(1);
      return [y, y.sin()];
    };
    expect(epiloguesOf(written, x, w)).toEqual([["add"]]);
    expect(epiloguesOf((a, b) => matmul(a, b).sin().mul(matmul(a, b).cos()), x, w)).toEqual([[]]);
  });

  it("attaches nothing that has another shape or reads the product at other places", () => {
    expect(epiloguesOf((a, b) => matmul(a, b).reshape([4, 64]).sin(), x, w)).toEqual([[]]);
    expect(epiloguesOf((a, b) => matmul(a, b).transpose().sin(), x, w)).toEqual([[]]);
    expect(epiloguesOf((a, b) => matmul(a, b).slice([0, 8]).sin(), x, w)).toEqual([[]]);
    const square = (a: Tensor): Tensor => matmul(a.transpose(), a);
    expect(epiloguesOf((a) => square(a).add(square(a).transpose()), x)).toEqual([[]]);
  });

  it("gives both products of a sum what follows the sum, and one product of a selection too", () => {
    expect(epiloguesOf((a, b) => tanh(matmul(a, b).add(matmul(a.sin(), b))), x, w)).toEqual([
      ["add", "tanh"],
      ["add", "tanh"],
    ]);
    expect(epiloguesOf((a, b, c) => where(c.greater(0), matmul(a, b), 0), x, w, bias)).toEqual([["where"]]);
  });
});

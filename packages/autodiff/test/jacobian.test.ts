import { compile, concat, eye, key, matmul, normal, type Tensor, tensor, zeros } from "@pushforward/tensor";
import { expectClose, expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { divergence, grad, hessian, hvp, jacfwd, jacrev, vmap } from "../src/index.ts";

const a = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);

describe.each([
  ["jacfwd", jacfwd],
  ["jacrev", jacrev],
] as const)("%s", (_, jacobian) => {
  it("of a linear map is its matrix", () => {
    expectSameBits(jacobian((x: Tensor) => matmul(a, x))(tensor([7, 8, 9])), a);
  });

  it("has the axes of the result, then those of the argument", () => {
    const x = normal(key(0), [2, 3]);
    const J = jacobian((x: Tensor) => x.transpose().mul(2))(x) as Tensor;
    expect(J.shape).toEqual([3, 2, 2, 3]);
    expectSameBits(J.slice(2, 1), [
      [0, 0, 0],
      [0, 0, 2],
    ]);
  });

  it("is a tree of results whose leaves are trees of arguments", () => {
    const f = (p: { w: Tensor; b: Tensor }) => ({ out: p.w.mul(p.b), two: [p.b.mul(2)] });
    const J = jacobian(f)({ w: tensor([1, 2]), b: tensor(3) });
    expectSameBits(J.out.w, [
      [3, 0],
      [0, 3],
    ]);
    expectSameBits(J.out.b, [1, 2]);
    expectSameBits(J.two[0].w, [0, 0]);
    expect(J.two[0].b.item()).toBe(2);
  });

  it("takes argnums: a number gives a tree, a list a tuple", () => {
    const f = (x: Tensor, y: Tensor) => x.mul(y);
    expect(jacobian(f, { argnums: 1 })(tensor(2), tensor(3)).item()).toBe(2);
    const [dy, dx] = jacobian(f, { argnums: [1, 0] })(tensor(2), tensor(3));
    expect([dy.item(), dx.item()]).toEqual([2, 3]);
  });

  it("has null for int32 results and an error for int32 arguments", () => {
    const f = (x: Tensor) => ({ order: x.argsort(), x });
    const J = jacobian(f)(tensor([2, 1]));
    expect(J.order).toBe(null);
    expectSameBits(J.x, eye(2));
    const g = (p: { n: Tensor }) => p.n.cast("float64");
    expect(() => jacobian(g)({ n: tensor([1], { dtype: "int32" }) })).toThrow('leaf "[0].n" is int32');
  });

  it("differentiates numbers and float32", () => {
    const f = (s: number, x: Tensor) => x.mul(s);
    const x = tensor([1, 2], { dtype: "float32" });
    expectSameBits(jacobian(f, { argnums: 1 })(3, x), tensor([3, 0, 0, 3], { dtype: "float32", shape: [2, 2] }));
    expect(Array.from((jacobian(f)(3, x) as Tensor).dataSync())).toEqual([1, 2]);
  });

  it("works on empty arguments and results", () => {
    expect((jacobian((x: Tensor) => x.mul(2))(zeros([0])) as Tensor).shape).toEqual([0, 0]);
    expect((jacobian((x: Tensor) => concat([x, x]))(zeros([0])) as Tensor).shape).toEqual([0, 0]);
    expect((jacobian((x: Tensor) => x.slice([0, 0]))(tensor([1, 2])) as Tensor).shape).toEqual([0, 2]);
    expect((jacobian((x: Tensor) => x.sum())(zeros([0])) as Tensor).shape).toEqual([0]);
  });

  it("maps and compiles", () => {
    const f = (x: Tensor) => x.sin().mul(x.sum());
    const x = normal(key(3), [4, 2]);
    const each = vmap(jacobian(f))(x) as Tensor;
    for (let i = 0; i < 4; i++) expectClose(each.slice(i), jacobian(f)(x.slice(i)), { condition: 4, ulp: 2 });
    expectClose(compile(jacobian(f))(x), jacobian(f)(x), { condition: 4, ulp: 2 });
  });
});

describe("hessian", () => {
  it("of a quadratic form is A + Aᵀ", () => {
    const q = tensor([
      [1, 2],
      [5, 3],
    ]);
    expectSameBits(hessian((x: Tensor) => x.mul(matmul(q, x)).sum())(tensor([0.3, 0.7])), [
      [2, 7],
      [7, 6],
    ]);
  });

  it("has one block for every pair of leaves and of arguments", () => {
    const f = (p: { x: Tensor; y: Tensor }) => p.x.mul(p.x).mul(p.y).sum();
    const H = hessian(f)({ x: tensor([1, 2]), y: tensor(3) });
    expectSameBits(H.x.x, [
      [6, 0],
      [0, 6],
    ]);
    expectSameBits(H.x.y, [2, 4]);
    expectSameBits(H.y.x, [2, 4]);
    expect(H.y.y.item()).toBe(0);
    const g = (x: Tensor, y: Tensor) => x.mul(x).mul(y);
    const [[xx, xy], [yx, yy]] = hessian(g, { argnums: [0, 1] })(tensor(2), tensor(3));
    expect([xx.item(), xy.item(), yx.item(), yy.item()]).toEqual([6, 4, 4, 0]);
  });

  it("is symmetric and agrees with every other composition", () => {
    const f = (x: Tensor) => x.sin().sum().mul(x.exp().mean()).add(x.integerPow(3).sum());
    const x = normal(key(5), [4]);
    const H = hessian(f)(x);
    expectClose(H, H.transpose(), { condition: 10, ulp: 8 });
    for (const other of [jacrev(jacrev(f)), jacfwd(jacfwd(f)), jacrev(jacfwd(f))])
      expectClose(other(x), H, { condition: 10, ulp: 16 });
  });
});

describe("hvp", () => {
  const f = (x: Tensor, y: Tensor) => x.mul(x).mul(y).sum();

  it("is the Hessian times a vector, in all arguments together", () => {
    const [hx, hy] = hvp(f, [tensor([1, 2]), tensor([3, 4])], [tensor([1, 0]), tensor([0, 1])]);
    // ∂x: 2y·dx + 2x·dy, ∂y: 2x·dx
    expectSameBits(hx, [6, 4]);
    expectSameBits(hy, [2, 0]);
  });

  it("takes null for an argument that stands still", () => {
    expectSameBits(hvp(f, [tensor([1, 2]), tensor([3, 4])], [null, tensor([0, 1])])[0], [0, 4]);
  });
});

describe("divergence", () => {
  const q = normal(key(7), [3, 3]);
  const field = (x: Tensor) => matmul(x, q).add(x.sin());
  const x = normal(key(8), [5, 3]);
  const trace = [0, 1, 2].reduce((sum, i) => sum + q.slice(i, i).item(), 0);
  const exact = x.cos().sum(-1).add(trace);

  it("is the trace of the Jacobian of every row", () => {
    expectClose(divergence(field)(x), exact, { condition: 4 });
    expectClose(divergence(field)(x.slice(0)), exact.slice(0), { condition: 4 });
  });

  it("by Hutchinson is exact for a diagonal Jacobian, whatever the signs", () => {
    const diagonal = (x: Tensor) => x.sin().mul(2);
    const estimate = divergence(diagonal, { method: "hutchinson", key: key(1) })(x);
    expectClose(estimate, x.cos().mul(2).sum(-1), { condition: 4 });
  });

  it("by Hutchinson tends to the exact one with both laws, and repeats with its key", () => {
    for (const law of ["rademacher", "normal"] as const) {
      const options = { method: "hutchinson", law, samples: 400, key: key(2) } as const;
      const estimate = divergence(field, options)(x);
      // The standard error of 400 samples is about 0.2 here.
      expect(estimate.sub(exact).abs().max().item()).toBeLessThan(0.8);
      const few = { ...options, samples: 3 } as const;
      expectSameBits(divergence(field, few)(x), divergence(field, few)(x));
      expect(
        divergence(field, { ...few, key: key(3) })(x)
          .sub(divergence(field, few)(x))
          .abs()
          .max()
          .item(),
      ).not.toBe(0);
    }
  });

  it("can be differentiated: ∇ of the divergence of sin is −sin", () => {
    const g = grad((x: Tensor) => divergence((z: Tensor) => z.sin())(x).sum())(x);
    expectClose(g, x.sin().neg(), { ulp: 2 });
  });

  it("of nothing is 0", () => {
    expectSameBits(divergence((x: Tensor) => x)(zeros([2, 0])), [0, 0]);
  });
});

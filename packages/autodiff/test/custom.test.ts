import { compile, type Tensor, tensor } from "@pushforward/tensor";
import { expectClose, expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { customJvp, customVjp, grad, hessian, jacfwd, jacrev, jvp, linearize, vjp, vmap } from "../src/index.ts";

const at = tensor([0.3, -0.7, 1.1]) as Tensor;

/** x² with a derivative that is three times too large, so that one sees which rule was used. */
const marked = customJvp(
  (x: Tensor) => x.mul(x),
  ([x]: [Tensor], [dx]: [Tensor]) => [marked(x), x.mul(6).mul(dx)] as const,
) as (x: Tensor) => Tensor;

describe("customJvp", () => {
  it("has the value of its function and the derivative of its rule, in every mode", () => {
    expectSameBits(marked(at), at.mul(at));
    expectSameBits(jvp(marked, [at], [tensor([1, 1, 1])])[1], at.mul(6));
    expectSameBits(vjp(marked, [at])[1](tensor([1, 1, 1]))[0], at.mul(6));
    expectSameBits(linearize(marked, [at])[1]([tensor([1, 1, 1])]), at.mul(6));
    expectSameBits(grad((x: Tensor) => marked(x).sum())(at), at.mul(6));
    expectClose(jacfwd(marked)(at), jacrev(marked)(at));
  });

  it("is used under vmap in either order, also where only one argument is mapped", () => {
    const scaled = customJvp(
      (x: Tensor, s: Tensor) => x.mul(s),
      ([x, s]: [Tensor, Tensor], [dx, ds]: [Tensor, Tensor]) =>
        [x.mul(s), dx.mul(s).mul(10).add(x.mul(ds).mul(100))] as const,
    );
    const s = tensor(2) as Tensor;
    const loss = (x: Tensor, s: Tensor) => vmap(scaled, { inAxes: [0, null] })(x, s).sum();
    const [dx, ds] = grad(loss, { argnums: [0, 1] })(at, s);
    expectSameBits(dx, [20, 20, 20]);
    expectClose(ds, at.sum().mul(100));
    expectSameBits(vmap(grad(scaled), { inAxes: [0, null] })(at, s), [20, 20, 20]);
    expectSameBits(vmap((dx: Tensor) => jvp(scaled, [at, s], [dx, null])[1])(tensor([[1, 0, 0]])), [[20, 0, 0]]);
  });

  it("differentiates the rule again: second derivatives are those of the rule", () => {
    // The rule says f' = 6x, so f'' = 6, and f''' = 0.
    for (const H of [hessian, (f: typeof loss) => jacrev(jacrev(f)), (f: typeof loss) => jacfwd(jacfwd(f))])
      expectSameBits(H(loss)(tensor([1, 2])), [
        [6, 0],
        [0, 6],
      ]);
    function loss(x: Tensor): Tensor {
      return marked(x).sum();
    }
  });

  it("keeps its rule at second order when a rule calls another custom function", () => {
    // d(out) = slope(x)·dx; slope = x² with derivative 6x by its own rule.
    const outer = customJvp(
      (x: Tensor) => x.integerPow(3).div(3),
      ([x]: [Tensor], [dx]: [Tensor]) => [x.integerPow(3).div(3), marked(x).mul(dx)] as const,
    ) as (x: Tensor) => Tensor;
    const second = (d: typeof grad) => grad((x: Tensor) => d(outer as (x: Tensor) => Tensor)(x));
    expect(second(grad)(tensor(2)).item()).toBe(12);
    expect(jvp(grad(outer), [tensor(2) as Tensor], [tensor(1)])[1].item()).toBe(12);
    const push = (x: Tensor) => jvp(outer, [x], [tensor(1)])[1];
    expect(grad(push)(tensor(2)).item()).toBe(12);
  });

  it("goes through trees, numbers, and leaves without a derivative", () => {
    const pick = customJvp(
      (p: { x: Tensor; index: Tensor }, s: number) => ({ out: p.x.gather(p.index).mul(s), index: p.index }),
      ([p, s], [dp]) => [
        { out: p.x.gather(p.index).mul(s), index: p.index },
        { out: dp.x.gather(p.index).mul(7), index: p.index },
      ],
    );
    const p = { x: at, index: tensor([2, 0], { dtype: "int32" }) as Tensor };
    const g = grad((x: Tensor) => pick({ ...p, x }, 2).out.sum())(at);
    expectSameBits(g, [7, 0, 7]);
    const [, d] = jvp(pick, [p, 2], [{ x: at, index: null }, null]);
    expectClose(d.out, [7 * 1.1, 7 * 0.3]);
    expect(d.index).toBe(null);
  });

  it("runs compiled, in both modes", () => {
    const f = (x: Tensor) => marked(x).sum();
    expectSameBits(compile(f)(at), f(at));
    expectSameBits(compile(grad(f))(at), at.mul(6));
    expectSameBits(compile((x: Tensor) => jvp(f, [x], [x])[1])(at), at.mul(at).mul(6).sum());
  });

  it("checks that tangents fit the results", () => {
    const make = (dOut: (dx: Tensor) => unknown) =>
      customJvp(
        (x: Tensor) => ({ a: x }),
        ([x]: [Tensor], [dx]: [Tensor]) => [{ a: x }, { a: dOut(dx) as Tensor }] as const,
      );
    const run = (dOut: (dx: Tensor) => unknown) => jvp(make(dOut), [at], [at]);
    expect(() => run((dx) => dx.sum())).toThrow('customJvp: the tangent of leaf "a" must have shape [3], got []');
    expect(() => run((dx) => dx.cast("float32"))).toThrow("must be float64, got float32");
    expect(() => run((dx) => [dx])).toThrow('the tangent of leaf "a" must be a tensor or null');
    expectSameBits(run(() => null)[1].a, [0, 0, 0]);
  });
});

describe("customVjp", () => {
  /** The identity, whose gradient is clipped to ±1. */
  const clipped = customVjp(
    (x: Tensor) => x,
    (x: Tensor) => [x, { scale: x.mul(0).add(1) }] as const,
    ({ scale }, ct: Tensor) => [ct.clip(-1, 1).mul(scale)],
  );

  it("has the value of its function and the gradient of its rule", () => {
    expectSameBits(clipped(at), at);
    expectSameBits(grad((x: Tensor) => clipped(x).mul(5).sum())(at), [1, 1, 1]);
    expectSameBits(jacrev(clipped)(tensor([1, 2])), [
      [1, 0],
      [0, 1],
    ]);
  });

  it("is an error in forward mode that names customJvp", () => {
    expect(() => jvp(clipped, [at], [at])).toThrow("customJvp");
    expect(() => jacfwd(clipped)(at)).toThrow("customJvp");
  });

  it("is differentiated again through its rule, by forward and by reverse mode", () => {
    const cubic = customVjp(
      (x: Tensor) => x.integerPow(3),
      (x: Tensor) => [x.integerPow(3), x] as const,
      (x, ct: Tensor) => [ct.mul(x.mul(x).mul(30))],
    );
    const f = (x: Tensor) => cubic(x).sum();
    // f' = 30x² by the rule, so f'' = 60x.
    expectSameBits(hessian(f)(tensor([2])), [[120]]);
    expectSameBits(jacrev(jacrev(f))(tensor([2])), [[120]]);
    expect(grad(grad(grad(cubic)))(tensor(2)).item()).toBe(60);
  });

  it("is used under vmap in either order; an argument that the batch shares collects from all of it", () => {
    const scaled = customVjp(
      (x: Tensor, s: Tensor) => x.mul(s),
      (x: Tensor, s: Tensor) => [x.mul(s), { x, s }] as const,
      ({ x, s }, ct: Tensor) => [ct.mul(s).mul(10), ct.mul(x).mul(100)],
    );
    const [dx, ds] = grad((x: Tensor, s: Tensor) => vmap(scaled, { inAxes: [0, null] })(x, s).sum(), {
      argnums: [0, 1],
    })(at, tensor(2));
    expectSameBits(dx, [20, 20, 20]);
    expectClose(ds, at.sum().mul(100));
    expectSameBits(vmap(grad(scaled), { inAxes: [0, null] })(at, tensor(2)), [20, 20, 20]);
    const onlyX = customVjp(
      (x: Tensor, s: Tensor) => x.mul(s),
      (x: Tensor, s: Tensor) => [x.mul(s), s] as const,
      (s, ct: Tensor) => [ct.mul(s), null],
    );
    const [, none] = grad((x: Tensor, s: Tensor) => vmap(onlyX, { inAxes: [0, null] })(x, s).sum(), {
      argnums: [0, 1],
    })(at, tensor(2));
    expect(none.item()).toBe(0);
  });

  it("takes null for an argument without a cotangent, or for a whole tree", () => {
    const first = customVjp(
      (p: { a: Tensor; b: Tensor }, q: { c: Tensor }) => p.a.add(p.b).add(q.c),
      (p, q) => [p.a.add(p.b).add(q.c), null] as const,
      (_, ct: Tensor) => [{ a: ct.mul(2), b: null }, null],
    );
    const [dp, dq] = grad(first, { argnums: [0, 1] })({ a: tensor(1), b: tensor(2) }, { c: tensor(3) });
    expect([dp.a.item(), dp.b.item(), dq.c.item()]).toEqual([2, 0, 0]);
  });

  it("runs compiled", () => {
    const g = grad((x: Tensor) => clipped(x).mul(5).sum());
    expectSameBits(compile(g)(at), g(at));
  });

  it("checks that cotangents fit the arguments", () => {
    const make = (bwd: (ct: Tensor) => unknown) =>
      customVjp(
        (x: Tensor) => x.mul(2),
        (x: Tensor) => [x.mul(2), null] as const,
        (_, ct: Tensor) => bwd(ct) as [Tensor],
      );
    const run = (bwd: (ct: Tensor) => unknown) => vjp(make(bwd), [at])[1](at);
    expect(() => run((ct) => ct)).toThrow("customVjp: the cotangents must be an array of 1, got a tensor [3]");
    expect(() => run((ct) => [ct, ct])).toThrow("must be an array of 1, got an array of 2");
    expect(() => run((ct) => [ct.sum()])).toThrow('the cotangent of leaf "[0]" must have shape [3], got []');
  });
});

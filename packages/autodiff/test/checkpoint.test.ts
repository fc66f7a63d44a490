import { compile, simplify, type Tensor, tensor, trace, where } from "@pushforward/tensor";
import { expectClose, expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { checkpoint, grad, hessian, jacfwd, jacrev, jvp, linearize, vjp, vmap } from "../src/index.ts";

const at = tensor([0.3, -0.7, 1.1]) as Tensor;

/** How often a primitive occurs in what a function does. */
const count = (name: string, f: (x: Tensor) => unknown, x: Tensor = at): number =>
  trace(f)(x).equations.filter(({ primitive }) => primitive.name === name).length;

describe("checkpoint", () => {
  const body = (x: Tensor) => x.sin().mul(x.exp()).sum();
  const kept = checkpoint(body);

  it("changes no value and no derivative, in any mode", () => {
    expectSameBits(kept(at), body(at));
    expectSameBits(grad(kept)(at), grad(body)(at));
    expectSameBits(jvp(kept, [at], [at])[1], jvp(body, [at], [at])[1]);
    expectClose(linearize(kept, [at])[1]([at]), jvp(body, [at], [at])[1]);
    for (const H of [hessian, (f: typeof body) => jacrev(jacrev(f)), (f: typeof body) => jacfwd(jacfwd(f))])
      expectClose(H(kept)(at), H(body)(at), { condition: 4 });
    const batch = tensor([
      [1, 2],
      [3, 4],
    ]) as Tensor;
    expectClose(vmap(grad(kept))(batch), vmap(grad(body))(batch), { ulp: 2 });
    expectClose(grad((x: Tensor) => vmap(kept)(x).sum())(batch), vmap(grad(body))(batch), { ulp: 2 });
  });

  it("computes again what it did not keep: the gradient holds twice the sines", () => {
    expect(count("sin", grad(body))).toBe(1);
    expect(count("sin", grad(kept))).toBe(2);
    expect(count("barrier", grad(kept))).toBe(1);
    expect(count("sin", grad(checkpoint((x: Tensor) => kept(x).sin())))).toBe(2 + 3);
  });

  it("keeps the computation apart when the program is simplified: the barrier survives", () => {
    const program = simplify(trace(grad((x: Tensor) => kept(x).mul(kept(x))))(at));
    const names = program.equations.map(({ primitive }) => primitive.name);
    expect(names).toContain("barrier");
    // Both calls share the forward computation, each computes again for itself.
    expect(names.filter((name) => name === "sin").length).toBeGreaterThanOrEqual(2);
    // Without a barrier the same sine is computed once.
    const plain = simplify(trace(grad((x: Tensor) => body(x).mul(body(x))))(at));
    expect(plain.equations.filter(({ primitive }) => primitive.name === "sin").length).toBe(1);
    expectSameBits(compile(grad(kept))(at), grad(body)(at));
  });

  it("runs its function again in every pullback, and only there", () => {
    let runs = 0;
    const [, pullback] = vjp(
      checkpoint((x: Tensor) => {
        runs++;
        return x.sin();
      }),
      [at],
    );
    expect(runs).toBe(1);
    pullback(at);
    pullback(at);
    expect(runs).toBe(3);
  });

  it("may close over what is being differentiated or mapped", () => {
    const closed = (w: Tensor, x: Tensor) => checkpoint((h: Tensor) => h.mul(w).sin().sum())(x);
    const open = (w: Tensor, x: Tensor) => x.mul(w).sin().sum();
    const [w, x] = [tensor([0.4, 1, -2]), at];
    const both = { argnums: [0, 1] } as const;
    expectClose(grad(closed, both)(w, x), grad(open, both)(w, x));
    expectSameBits(jvp(closed, [w, x], [x, w])[1], jvp(open, [w, x], [x, w])[1]);
    expectClose(linearize(closed, [w, x])[1]([x, w]), jvp(open, [w, x], [x, w])[1]);
    const onlyW = (w: Tensor) => closed(w, x);
    for (const H of [hessian, (f: typeof onlyW) => jacrev(jacrev(f)), (f: typeof onlyW) => jacfwd(jacfwd(f))])
      expectClose(H(onlyW)(w), hessian((w: Tensor) => open(w, x))(w));
    const rows = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]) as Tensor;
    expectClose(vmap(grad(onlyW))(rows), vmap(grad((w: Tensor) => open(w, x)))(rows));
    const mapped = (w: Tensor) => vmap((row: Tensor) => closed(w, row))(rows).sum();
    expectClose(grad(mapped)(w), grad((w: Tensor) => vmap((row: Tensor) => open(w, row))(rows).sum())(w));
    const shared = (w: Tensor) => vmap((w: Tensor) => closed(w, x))(rows.mul(w)).sum();
    expectClose(grad(shared)(w), grad((w: Tensor) => vmap((w: Tensor) => open(w, x))(rows.mul(w)).sum())(w));
    expectClose(compile(grad(closed, both))(w, x), grad(open, both)(w, x));
    expect(count("sin", grad(onlyW))).toBe(2);
  });

  it("inside a jvp is computed again by the reverse pass outside: a jvp of a checkpoint is a checkpoint of the jvp", () => {
    const slope = (f: (x: Tensor) => Tensor) => grad((x: Tensor) => jvp(f, [x], [x])[1]);
    expectClose(slope(kept)(at), slope(body)(at));
    expect(count("sin", slope(kept))).toBeGreaterThan(count("sin", slope(body)));
    expect(count("barrier", slope(kept))).toBe(2);
  });

  it("takes trees and int32 leaves, and leaves out what carries no derivative", () => {
    const f = checkpoint((p: { x: Tensor; n: Tensor }, mask: Tensor) => ({
      out: where(mask, p.x.gather(p.n), 0).sum(),
      n: p.n,
    }));
    const n = tensor([2, 2, 0], { dtype: "int32" });
    const mask = tensor([true, true, false]);
    const g = grad((x: Tensor) => f({ x, n }, mask).out)(at);
    expectSameBits(g, [0, 0, 2]);
  });
});

describe("a checkpoint that returns another structure when it computes again", () => {
  it("is an error that says so", () => {
    let calls = 0;
    const f = checkpoint((x: Tensor): unknown => (calls++ === 0 ? [x] : { a: x }));
    expect(() => grad((x: Tensor) => (f(x) as Tensor[])[0])(tensor(1))).toThrow(
      "checkpoint: function and rule must return the same structure, got [*] and",
    );
  });
});

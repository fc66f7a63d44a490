import { compile, ones, type Tensor, tensor, zeros } from "@pushforward/tensor";
import { expectClose, expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { grad, hessian, jacfwd, jacrev, valueAndGrad, vmap } from "../src/index.ts";

describe("grad", () => {
  const f = (x: Tensor, y: Tensor) => x.mul(x).mul(y).sum();
  const [x, y] = [tensor([1, 2]), tensor([3, 4])];

  it("differentiates the first argument", () => {
    expectSameBits(grad(f)(x, y), [6, 16]);
  });

  it("differentiates the argument that argnums names", () => {
    expectSameBits(grad(f, { argnums: 1 })(x, y), [1, 4]);
  });

  it("returns a tuple for a list of argnums, in its order", () => {
    const [dy, dx] = grad(f, { argnums: [1, 0] })(x, y);
    expectSameBits(dy, [1, 4]);
    expectSameBits(dx, [6, 16]);
    const only = grad(f, { argnums: [0] })(x, y);
    expect(only.length).toBe(1);
  });

  it("returns gradients in the structure of a tree, whatever the order of its keys", () => {
    const loss = (p: { b: Tensor; a: readonly [Tensor, { c: Tensor }]; none: null }) =>
      p.b.mul(2).add(p.a[0].mul(3)).add(p.a[1].c.mul(p.b));
    const g = grad(loss)({ b: tensor(5), a: [tensor(1), { c: tensor(7) }], none: null });
    expect([g.b.item(), g.a[0].item(), g.a[1].c.item(), g.none]).toEqual([9, 3, 5, null]);
  });

  it("hands on aux beside the gradient", () => {
    const [g, aux] = grad((x: Tensor) => [x.mul(x), { twice: x.mul(2) }] as const, { hasAux: true })(tensor(3));
    expect([g.item(), aux.twice.item()]).toEqual([6, 6]);
  });

  it("differentiates a plain number as a weak float64", () => {
    const g = grad((s: number, x: Tensor) => x.mul(s).sum())(2, tensor([1, 2], { dtype: "float32" }));
    expect([g.dtype, g.shape, g.item()]).toEqual(["float64", [], 3]);
  });

  it("may hold int32 and bool leaves in the arguments that are not differentiated", () => {
    const pick = (x: Tensor, index: Tensor, mask: Tensor) => x.gather(index).mul(mask.cast("float64")).sum();
    const g = grad(pick)(tensor([1, 2, 3]), tensor([2, 2], { dtype: "int32" }), tensor([true, false]));
    expectSameBits(g, [0, 0, 1]);
  });

  it("is a DTypeError with the path of an int32 or bool leaf that is to be differentiated", () => {
    const loss = (p: { w: Tensor; n: Tensor }) => p.w.mul(p.n.cast("float64")).sum();
    expect(() => grad(loss)({ w: tensor([1]), n: tensor([1], { dtype: "int32" }) })).toThrow(
      'grad: leaf "[0].n" is int32 and has no gradient',
    );
    const second = (_: Tensor, mask: Tensor) => mask.cast("float64").sum();
    expect(() => grad(second, { argnums: 1 })(tensor(1), tensor([true]))).toThrow('leaf "[1]" is bool');
  });

  it("is zero for what the function does not use", () => {
    expectSameBits(grad((x: Tensor) => x.sum().mul(0))(tensor([1, 2])), [0, 0]);
    expectSameBits(grad(() => tensor(3) as Tensor)(...([ones([2])] as unknown as [])), [0, 0]);
  });

  it("works on 0-d and empty arguments", () => {
    expect(grad((x: Tensor) => x.sin())(tensor(0)).item()).toBe(1);
    expectSameBits(grad((x: Tensor) => x.sum())(zeros([2, 0])), zeros([2, 0]));
  });

  it("nests: the third derivative of x⁴ is 24x", () => {
    const fourth = (x: Tensor) => x.integerPow(4);
    expect(grad(grad(grad(fourth)))(tensor(2)).item()).toBe(48);
  });

  it("has the type of a function from the argument to its gradient, where one is asked for", () => {
    type Field = (x: Tensor) => Tensor;
    const fields: readonly Field[] = [grad(f1), compile(grad(f1)), vmap(grad(f1)), jacfwd(f1), hessian(f1), jacrev(f1)];
    const both: (x: Tensor) => [Tensor, Tensor] = valueAndGrad(f1);
    const tree: (p: { w: Tensor }) => { w: Tensor } = grad((p: { w: Tensor }) => p.w.sum());
    const list: (x: Tensor, y: Tensor) => readonly [Tensor, Tensor] = grad(f, { argnums: [0, 1] });
    function f1(x: Tensor): Tensor {
      return x.mul(x);
    }
    expect(fields.slice(0, 2).map((field) => field(tensor(3)).item())).toEqual([6, 6]);
    expect([both(tensor(3))[1].item(), tree({ w: tensor(3) }).w.item(), list(tensor(2), tensor(3))[0].item()]).toEqual([
      6, 1, 12,
    ]);
  });

  it("goes through a compiled function, and compiles itself", () => {
    const compiled = compile((x: Tensor) => x.sin().mul(x).sum());
    const at = tensor([0.3, -1.2]);
    const eager = grad((x: Tensor) => x.sin().mul(x).sum())(at);
    expectSameBits(grad(compiled)(at), eager);
    expectSameBits(compile(grad(compiled))(at), eager);
  });
});

describe("valueAndGrad", () => {
  const f = (x: Tensor) => x.mul(x).sum();

  it("returns both", () => {
    const [value, g] = valueAndGrad(f)(tensor([1, 2]));
    expect(value.item()).toBe(5);
    expectSameBits(g, [2, 4]);
  });

  it("returns [value, aux] beside the gradient with hasAux", () => {
    const [[value, aux], g] = valueAndGrad((x: Tensor) => [f(x), x.add(1)] as const, { hasAux: true })(tensor([1]));
    expect([value.item(), aux.item(), g.item()]).toEqual([1, 2, 2]);
  });

  it("takes argnums", () => {
    const [value, [dy]] = valueAndGrad((x: Tensor, y: Tensor) => x.mul(y), { argnums: [1] })(tensor(2), tensor(3));
    expect([value.item(), dy.item()]).toEqual([6, 2]);
  });

  it("runs the function once", () => {
    let runs = 0;
    valueAndGrad((x: Tensor) => {
      runs++;
      return x.exp();
    })(tensor(1));
    expect(runs).toBe(1);
  });

  it("agrees with the closed form of a logistic regression", () => {
    const [w, x, label] = [tensor([0.2, -0.4]), tensor([1.5, 2]), 1];
    const loss = (w: Tensor) => w.mul(x).sum().mul(label).neg().softplus();
    const p = 1 / (1 + Math.exp(0.2 * 1.5 - 0.4 * 2));
    expectClose(valueAndGrad(loss)(w)[1], [-p * 1.5, -p * 2], { ulp: 4 });
  });
});

import { compile, registerTreeClass, stack, type Tensor, tensor, treeMap } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import {
  customVjp,
  type GradTree,
  grad,
  hvp,
  jacrev,
  jvp,
  linearize,
  type TangentTree,
  valueAndGrad,
  vjp,
  vmap,
} from "../src/index.ts";

const x = tensor([1, 2]) as Tensor;
const s = tensor(3) as Tensor;
const rows = stack([x, x]);

interface Layer {
  readonly w: Tensor;
  readonly b: Tensor;
}
interface Params {
  layers: Layer[];
  scale: Tensor;
}
const params: Params = { layers: [{ w: x, b: x }], scale: s };
const loss = ({ layers, scale }: Params, data: Tensor) =>
  layers
    .reduce((h, { w, b }) => h.mul(w).add(b), data)
    .mul(scale)
    .sum();

/** b may be missing. */
interface Line {
  w: Tensor;
  b?: Tensor;
}
const line = ({ w, b }: Line) => (b ? w.add(b) : w).sum();

/** A class with a method and a getter. */
class Net {
  readonly w: Tensor;
  readonly b: Tensor;
  constructor(w: Tensor, b: Tensor) {
    this.w = w;
    this.b = b;
  }
  get size() {
    return this.w.size;
  }
  apply(data: Tensor): Tensor {
    return data.mul(this.w).add(this.b);
  }
}
registerTreeClass(Net, {
  flatten: ({ w, b }) => ({ children: [w, b], aux: null }),
  unflatten: ([w, b]) => new Net(w as Tensor, b as Tensor),
});
const net = new Net(x, x);
const apply = (net: Net, data: Tensor) => net.apply(data);

interface Model<P> {
  init(): P;
  apply(params: P, data: Tensor): Tensor;
}
const model: Model<Layer> = { init: () => ({ w: x, b: x }), apply: (p, data) => data.mul(p.w).add(p.b) };
const gradientOf = <P>(model: Model<P>, data: Tensor): GradTree<P> =>
  grad((p: P) => model.apply(p, data).sum())(model.init());
const descend = <P>(f: (p: P) => Tensor, p: P): P => treeMap((a: Tensor, b: Tensor) => a.sub(b), p, grad(f)(p));
const along = <P>(f: (p: P) => Tensor, p: P, dp: TangentTree<P>) => jvp(f, [p], [dp])[1];

const weightOf = (out: Tensor | Layer): Tensor => ("w" in out ? out.w : out);

/** Strict TypeScript takes each line without a cast: a type that refuses one is a fault. */
describe("accepted by types and at run time", () => {
  it.each<[string, () => Tensor, unknown]>([
    ["a gradient as parameters", (): Tensor => ((g: Params) => g.scale)(grad(loss)(params, x)), 8],
    ["value and gradient", () => valueAndGrad(loss)(params, x)[1].layers[0].b, [3, 3]],
    ["a tuple", () => grad(([a, b]: readonly [Tensor, Tensor]) => a.mul(b).sum())([x, rows])[0], [2, 4]],
    ["a list", () => grad((ws: readonly Tensor[]) => ws[0].mul(ws[1]).sum())([x, x])[1], [1, 2]],
    ["a record", () => grad((p: Record<string, Tensor>) => p.a.mul(p.b).sum())({ a: x, b: x }).b, [1, 2]],
    [
      "argnums",
      () => grad((a: Tensor, b: number, c: Tensor) => a.mul(b).mul(c).sum(), { argnums: [0, 2] })(x, 2, x)[1],
      [2, 4],
    ],
    ["an entry that is left out", () => jvp(line, [{ w: x }], [{ w: x }])[1], 3],
    ["no tangent of an entry", () => jvp(line, [{ w: x, b: x }], [{ w: x, b: null }])[1], 3],
    ["axes of an entry that is left out", () => vmap(line, { inAxes: [{ w: 0 }] })({ w: rows }), [3, 3]],
    ["axes of an optional entry", () => vmap(line, { inAxes: [{ w: 0, b: null }] })({ w: rows, b: x }), [6, 6]],
    ["a gradient per row", () => vmap(grad(loss), { inAxes: [null, 0] })(params, rows).scale, [8, 8]],
    [
      "nested maps",
      () =>
        vmap(
          vmap((a: Tensor, b: Tensor) => a.mul(b), { inAxes: [null, 0] }),
          { inAxes: [0, null] },
        )(x, x),
      [
        [1, 2],
        [2, 4],
      ],
    ],
    ["a gradient of a gradient", () => grad(grad((a: Tensor) => a.pow(3)))(s), 18],
    ["a gradient as a direction", () => jvp((p: Params) => loss(p, x), [params], [grad(loss)(params, x)])[1], 127],
    ["a number as a direction", () => jvp((a: Tensor, t: Tensor) => a.mul(t), [x, s], [null, 1])[1], [1, 2]],
    ["trees of results", () => vjp((a: Tensor) => ({ y: a.mul(2), z: [a] }), [x])[1]({ y: x, z: [null] })[0], [2, 4]],
    [
      "either of two results",
      () => weightOf(linearize((a: Tensor): Tensor | Layer => (a.rank === 1 ? { w: a, b: a } : a), [s])[1]([1])),
      1,
    ],
    ["grad with aux", () => grad((a: Tensor) => [a.sum(), { a }], { hasAux: true })(x)[1].a, [1, 2]],
    ["jvp with aux", () => jvp((a: Tensor) => [a.mul(2), { a }], [x], [x], { hasAux: true })[2].a, [1, 2]],
    ["vjp with aux", () => vjp((a: Tensor) => [a.mul(2), { a }], [x], { hasAux: true })[1](x)[0], [2, 4]],
    ["aux under vmap", () => vmap(grad((a: Tensor) => [a.square(), a.neg()], { hasAux: true }))(x)[1], [-1, -2]],
    ["an instance", () => grad((net: Net) => apply(net, x).sum())(net).w, [1, 2]],
    ["an instance as a direction", () => hvp((net: Net) => apply(net, x).square().sum(), [net], [net])[0].b, [4, 12]],
    [
      "axes of an instance",
      () => vmap(apply, { inAxes: [{ w: 0, b: null }, null] })(new Net(rows, x), x),
      [
        [2, 6],
        [2, 6],
      ],
    ],
    [
      "axes of a result that is an instance",
      () => vmap((a: Tensor) => new Net(a, a), { outAxes: { w: 0, b: 1 } })(rows).b,
      [
        [1, 1],
        [2, 2],
      ],
    ],
    ["a model of any parameters", () => gradientOf(model, x).w, [1, 2]],
    ["a step of any parameters", () => descend((p: Params) => loss(p, x), params).scale, -5],
    [
      "a direction of any parameters",
      () => along((p: Layer) => p.w.mul(p.b), { w: x, b: x }, { w: x, b: null }),
      [1, 4],
    ],
    ["a compiled gradient", () => compile(valueAndGrad(loss))(params, x)[1].scale, 8],
    ["a Jacobian of trees", () => jacrev((p: Layer) => p.w.sum())({ w: x, b: x }).w, [1, 1]],
    [
      "a rule with residuals",
      () =>
        grad(
          customVjp(
            (a: Tensor, k: number) => a.mul(k),
            (a, k) => [a.mul(k), k],
            (k, ct) => [ct.mul(k), null],
          ),
        )(s, 2),
      2,
    ],
  ])("%s", (_, run, want) => {
    expect(run().toArray()).toEqual(want);
  });
});

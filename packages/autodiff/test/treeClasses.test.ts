import { registerTreeClass, type Tensor, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import {
  checkGrads,
  checkpoint,
  customJvp,
  customVjp,
  freezeStops,
  grad,
  hvp,
  jacfwd,
  jacrev,
  jvp,
  linearize,
  stopGradient,
  valueAndGrad,
  vjp,
  vmap,
} from "../src/index.ts";

type Part = Tensor | number | null;

/** A class whose order of children, [z, a], is not the one of sorted keys. */
class Pair<P extends Part = Tensor> {
  readonly z: P;
  readonly a: P;
  constructor(z: P, a: P) {
    this.z = z;
    this.a = a;
  }
}
registerTreeClass(Pair, {
  flatten: ({ z, a }) => ({ children: [z, a], aux: null }),
  unflatten: ([z, a]) => new Pair(z as Tensor, a as Tensor),
});

const [z, a] = [tensor([1, 2]) as Tensor, tensor([100, 200]) as Tensor];
const [one, point] = [tensor([1, 1]) as Tensor, new Pair(z, a)];
const f = (p: Pair) => p.z.mul(10).add(p.a.sum());
/** ∂/∂z = a, ∂/∂a = z: an exchange of children shows. */
const product = (p: Pair) => p.z.mul(p.a);
const total = (p: Pair) => product(p).sum();
const numbers = ({ z, a }: Pair<Part>) => [z, a].map((x) => (x === null ? null : (x as Tensor).toArray()));
const loose = <T>(tree: unknown): T => tree as T;

describe("a registered class with an order of its own", () => {
  it("is mapped over the axes of the properties that inAxes names", () => {
    expect(vmap(f, { inAxes: [{ z: 0, a: null }] })(point).toArray()).toEqual([310, 320]);
    expect(vmap(f, { inAxes: [{ a: null, z: 0 }] })(point).toArray()).toEqual([310, 320]);
    expect(vmap(f, { inAxes: [loose<never>(new Pair<Part>(0, null))] })(point).toArray()).toEqual([310, 320]);
    expect(vmap(f, { inAxes: [{ z: null, a: 0 }] })(point).toArray()).toEqual([
      [110, 120],
      [210, 220],
    ]);
    // Equal children cannot be told apart by their values.
    expect(vmap(f, { inAxes: [{ z: 0, a: null }] })(new Pair(z, z)).toArray()).toEqual([13, 23]);
  });

  it("is mapped in other instances and objects", () => {
    const nested = new Pair(loose<Tensor>(new Pair(z, a)), loose<Tensor>({ w: [a] }));
    const g = (p: Pair) => f(loose(p.z)).add(loose<{ w: Tensor[] }>(p.a).w[0].sum());
    const axes = { z: { z: 0, a: null }, a: { w: [null] } };
    expect(vmap(g, { inAxes: [loose<never>(axes)] })(nested).toArray()).toEqual([610, 620]);
  });

  it("gets mapped axes where outAxes names them", () => {
    const rows = tensor([
      [1, 2],
      [3, 4],
    ]);
    const both = (row: Tensor) => new Pair(row, row.mul(2));
    const [outZ, outA] = numbers(vmap(both, { outAxes: { z: 1, a: 0 } })(rows));
    expect(outZ).toEqual([
      [1, 3],
      [2, 4],
    ]);
    expect(outA).toEqual([
      [2, 4],
      [6, 8],
    ]);
    expect(numbers(vmap((x: Tensor) => new Pair(x, tensor(5) as Tensor), { outAxes: { z: 0, a: null } })(z))).toEqual([
      [1, 2],
      5,
    ]);
  });

  it.each<[string, () => unknown, unknown]>([
    ["jvp", () => jvp(product, [point], [loose(new Pair<Part>(one, null))])[1].toArray(), [100, 200]],
    ["jvp, the other", () => jvp(product, [point], [loose(new Pair<Part>(null, one))])[1].toArray(), [1, 2]],
    ["linearize", () => linearize(product, [point])[1]([loose(new Pair<Part>(null, one))]).toArray(), [1, 2]],
    [
      "vjp",
      () => numbers(vjp(product, [point])[1](one)[0]),
      [
        [100, 200],
        [1, 2],
      ],
    ],
    [
      "vjp's cotangents",
      () => vjp((x: Tensor) => new Pair(x, x.mul(2)), [z])[1](loose(new Pair<Part>(null, one)))[0].toArray(),
      [2, 2],
    ],
    [
      "grad",
      () => numbers(grad(total)(point)),
      [
        [100, 200],
        [1, 2],
      ],
    ],
    [
      "valueAndGrad",
      () => numbers(valueAndGrad(total)(point)[1]),
      [
        [100, 200],
        [1, 2],
      ],
    ],
    [
      "hvp",
      () => numbers(hvp(total, [point], [loose(new Pair<Part>(null, one))])[0]),
      [
        [1, 1],
        [0, 0],
      ],
    ],
    [
      "jacfwd",
      () => numbers(jacfwd(total)(point)),
      [
        [100, 200],
        [1, 2],
      ],
    ],
    [
      "jacrev",
      () => numbers(jacrev(total)(point)),
      [
        [100, 200],
        [1, 2],
      ],
    ],
    [
      "checkpoint",
      () => numbers(grad((p: Pair) => checkpoint(total)(p))(point)),
      [
        [100, 200],
        [1, 2],
      ],
    ],
    [
      "stopGradient",
      () => numbers(grad((p: Pair) => product(new Pair(stopGradient(p).z, p.a)).sum())(point)),
      [
        [0, 0],
        [1, 2],
      ],
    ],
    ["freezeStops", () => freezeStops((p: Pair) => total(stopGradient(p)))(point).item(), 500],
    ["checkGrads", () => checkGrads(product, [point]).passed, true],
    [
      "customJvp",
      () =>
        jvp(
          customJvp(product, ([p], [d]) => [product(p), d.z.mul(7)]),
          [point],
          [loose(new Pair<Part>(one, null))],
        )[1].toArray(),
      [7, 7],
    ],
    [
      "customJvp's tangents",
      () => {
        const same = customJvp(
          (p: Pair) => new Pair(p.z, p.a),
          ([p], [d]) => [p, loose<Pair>(new Pair<Part>(null, d.z))],
        );
        return numbers(jvp(same, [point], [loose(new Pair<Part>(one, null))])[1]);
      },
      [
        [0, 0],
        [1, 1],
      ],
    ],
    [
      "customVjp",
      () => {
        const mine = customVjp(
          product,
          (p: Pair) => [product(p), null],
          (_: null, ct: Tensor) => [loose(new Pair<Part>(null, ct))],
        );
        return numbers(vjp(mine, [point])[1](one)[0]);
      },
      [
        [0, 0],
        [1, 1],
      ],
    ],
    [
      "vjp with an int32 child",
      () => numbers(vjp((p: Pair) => p.z, [new Pair(z, tensor([1], { dtype: "int32" }) as Tensor)])[1](one)[0]),
      [[1, 1], null],
    ],
  ])("%s keeps children apart, with null where there is no tangent", (_, run, want) => {
    expect(run()).toEqual(want);
  });

  it("is not a plain object with its names where tangents are given", () => {
    expect(() => jvp(product, [point], [{ z: one, a: one }])).toThrow("must be an instance of Pair, got an object");
    expect(() => jvp((p: { z: Tensor; a: Tensor }) => p.z, [{ z, a }], [point])).toThrow(
      'must be an object with "a", "z", got an instance of Pair',
    );
  });
});

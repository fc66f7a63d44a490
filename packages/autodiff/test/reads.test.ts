import { compile, key, normal, type Tensor, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import {
  checkpoint,
  collectReads,
  customJvp,
  divergence,
  explain,
  grad,
  hessian,
  hvp,
  jacfwd,
  jacrev,
  jvp,
  linearize,
  stopGradient,
  valueAndGrad,
  vjp,
  withStops,
} from "../src/index.ts";

const x = tensor(3) as Tensor;

/** A call that TypeScript may not let through. */
type Loose = (f: (x: Tensor) => unknown) => unknown;
const loosely = (f: unknown): ((...args: unknown[]) => (...args: unknown[]) => unknown) => f as never;

const transforms: Record<string, Loose> = {
  jvp: (f) => jvp(f, [x], [x]),
  vjp: (f) => vjp(f, [x]),
  linearize: (f) => linearize(f, [x]),
  grad: (f) => loosely(grad)(f)(x),
  valueAndGrad: (f) => loosely(valueAndGrad)(f)(x),
  jacfwd: (f) => jacfwd(f)(x),
  jacrev: (f) => jacrev(f)(x),
  hessian: (f) => hessian(f)(x),
  hvp: (f) => hvp(f as (x: Tensor) => Tensor, [x], [x]),
  divergence: (f) => divergence(f as (x: Tensor) => Tensor)(x),
  "grad of compile": (f) => loosely(grad)(compile(f))(x),
  "grad of checkpoint": (f) => grad((x: Tensor) => checkpoint(f)(x) as Tensor)(x),
  "grad in grad": (f) => grad((y: Tensor) => loosely(grad)(f)(y) as Tensor)(x),
  explain: (f) => explain(f as (x: Tensor) => Tensor)(x),
};

describe.each(Object.keys(transforms))("%s of a function that reads values", (name) => {
  const call = transforms[name];
  it.each<[string, (x: Tensor) => unknown]>([
    ["item", (x) => x.item() ** 2],
    ["dataSync", (x) => x.dataSync()[0] * 2],
    ["toArray", (x) => tensor((x.toArray() as number) * 2)],
    ["toJSON", (x) => tensor(Number(JSON.stringify(x)))],
    ["item", (x) => tensor(5).mul(x.item())],
  ])("is an error where %s loses the derivative, with the line", (operation, f) => {
    expect(() => call(f)).toThrow(`${operation}() read values at `);
    expect(() => call(f)).toThrow(/reads\.test\.ts:\d+:\d+, which cuts derivatives; compute with tensors/);
  });
});

describe("reading values", () => {
  it("gives constants where something else depends: d/dx x·3 = 3", () => {
    expect(grad((x: Tensor) => x.mul(x.item()).sum())(x).item()).toBe(3);
    expect(jvp((x: Tensor) => (x.item() > 2 ? x.mul(7) : x), [x], [tensor(1)])[1].item()).toBe(7);
  });

  it("names the number among other results", () => {
    expect(() => jvp((x: Tensor) => ({ y: x.mul(2), size: x.item() }), [x], [x])).toThrow(
      'jvp: result "size" must be a tensor, got the plain number 3: item() read values',
    );
  });

  it.each<[string, () => Tensor, number]>([
    ["a constant without reading", () => grad((_: Tensor) => tensor(4))(x), 0],
    ["a constant that is stopped on purpose", () => grad((x: Tensor) => stopGradient(tensor(x.item())))(x), 0],
    ["a stopped result beside a read", () => grad((x: Tensor) => stopGradient(x.mul(x.item())))(x), 0],
    ["an aux", () => grad((x: Tensor) => [x.mul(2), x.item()] as const, { hasAux: true })(x)[0], 2],
    ["an argument beside", () => grad((x: Tensor, y: Tensor) => y.mul(x.item()), { argnums: [0, 1] })(x, x)[0], 0],
    ["a read of what is not differentiated", () => grad((_: Tensor, y: Tensor) => tensor(y.item()))(x, x), 0],
    [
      "a rule that knows the derivative",
      () =>
        grad(
          customJvp(
            (x: Tensor) => tensor(x.item() ** 2),
            ([x], [dx]) => [x.square(), dx.mul(x).mul(2)],
          ),
        )(x),
      6,
    ],
  ])("%s is no error", (_, run, want) => {
    expect(run().item()).toBe(want);
  });

  it("does not excuse by a stop that is switched off", () => {
    const f = (x: Tensor) => stopGradient(tensor(x.item()), "target");
    expect(grad(f)(x).item()).toBe(0);
    expect(() => withStops(["target"], () => grad(f)(x))).toThrow(
      "the result must depend on the differentiated arguments",
    );
  });

  it("is listed by explain, place by place, also in nested derivatives and checkpoints", () => {
    const network = (w: Tensor, s: Tensor) => w.mul(s).mul(s.item());
    const loss = (w: Tensor) => {
      const [, slope] = jvp((s: Tensor) => network(w, s), [tensor(2)], [tensor(1)]);
      return slope
        .square()
        .mul(checkpoint((w: Tensor) => w.mul(w.dataSync()[0]))(w))
        .sum();
    };
    const { reads, labels } = explain(loss)(x);
    expect(labels).toEqual({});
    expect(reads.map(({ operation, count }) => [operation, count])).toEqual([
      ["item", 1],
      ["dataSync", 1],
    ]);
    const lines = reads.map(({ source }) => Number(/reads\.test\.ts:(\d+):\d+$/.exec(source ?? "")?.[1]));
    expect(lines[1]).toBeGreaterThan(lines[0]);
  });

  it("counts reads of one place, and none of what carries no derivative", () => {
    const f = (x: Tensor) => {
      let sum = x;
      for (let i = 0; i < 5; i++) sum = sum.add(x.mul(x.item()).mul(tensor(2).item()));
      return sum;
    };
    expect(explain(f)(x).reads).toEqual([
      { operation: "item", source: expect.stringContaining("reads.test.ts"), count: 5 },
    ]);
    expect(collectReads(() => f(x)).reads).toEqual([]);
  });

  it("is not a check by the framework: a number that meets int32, an index, a printed value", () => {
    const { reads } = explain((x: Tensor) =>
      x
        .mul(2)
        .add(normal(key(0), []))
        .mul(`${x}`.length),
    )(x);
    expect(reads).toEqual([]);
  });
});

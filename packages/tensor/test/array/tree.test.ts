import { describe, expect, it } from "vitest";
import {
  checkStructure,
  DTypeError,
  flatten,
  registerTreeClass,
  structureKey,
  type Tensor,
  tensor,
  treeLeaves,
  treeMap,
  unflatten,
} from "../../src/index.ts";

/** A class of the user's, with data (parts) and settings (tag). */
class Pair {
  readonly parts: readonly [unknown, unknown];
  readonly tag: string;
  constructor(parts: readonly [unknown, unknown], tag: string) {
    this.parts = parts;
    this.tag = tag;
  }
}
registerTreeClass(Pair, {
  flatten: (pair) => ({ children: pair.parts, aux: pair.tag }),
  unflatten: (children, aux) => new Pair(children as [unknown, unknown], aux as string),
});

const x = tensor([1, 2]);
const y = tensor(3);

describe("flatten", () => {
  it("takes arrays, tuples, plain objects, null and numbers apart and puts them together again", () => {
    const tree = { b: [x, null, { c: 2 }], a: y, d: [] };
    const { leaves, paths, structure } = flatten(tree);
    expect(leaves).toEqual([y, x, 2]);
    expect(paths).toEqual(["a", "b[0]", "b[2].c"]);
    expect(unflatten(structure, leaves)).toEqual(tree);
  });

  it("visits keys in sorted order, however they were written", () => {
    expect(flatten({ b: 1, a: 2 }).leaves).toEqual([2, 1]);
    expect(structureKey(flatten({ b: 1, a: 2 }).structure)).toBe(structureKey(flatten({ a: 1, b: 2 }).structure));
  });

  it("counts undefined as null", () => {
    const { leaves, structure } = flatten({ a: undefined, b: x });
    expect(leaves).toEqual([x]);
    expect(unflatten(structure, leaves)).toEqual({ a: null, b: x });
  });

  it("a tensor or a number alone is a tree", () => {
    expect(flatten(x).paths).toEqual([""]);
    expect(treeLeaves(4)).toEqual([4]);
    expect(treeLeaves(null)).toEqual([]);
  });

  it("takes registered classes apart, keeps what is no leaf and names the child", () => {
    const { leaves, paths, structure } = flatten({ p: new Pair([x, y], "tag") });
    expect(leaves).toEqual([x, y]);
    expect(paths).toEqual(["p<Pair 0>", "p<Pair 1>"]);
    const back = unflatten(structure, [y, x]) as { p: Pair };
    expect(back.p).toBeInstanceOf(Pair);
    expect([back.p.parts, back.p.tag]).toEqual([[y, x], "tag"]);
  });

  it("objects without a prototype and with awkward keys are plain objects", () => {
    const bare = Object.assign(Object.create(null), { constructor: 1, __proto__x: 2 }) as object;
    expect(flatten(bare).leaves).toEqual([2, 1]);
  });

  it.each([
    ["a string", { a: { b: ["text"] } }, 'leaf "a.b[0]" must be a tensor'],
    ["a function", [() => 1], 'leaf "[0]" must be a tensor'],
    ["a promise", { w: Promise.resolve(1) }, 'leaf "w" is a Promise; transforms are synchronous'],
    [
      "an unregistered class",
      { m: new Map() },
      'leaf "m" must be a tensor, a number, null, an array or a plain object, got an instance of Map',
    ],
    ["a date at the top", new Date(0), "the argument or result must be"],
  ])("%s is refused with its path", (_, tree, message) => {
    expect(() => flatten(tree, "grad")).toThrow(message);
    expect(() => flatten(tree, "grad")).toThrow(/^grad: /);
  });
});

describe("structures", () => {
  it("differ where trees differ", () => {
    const keys = [
      [x],
      [x, y],
      { a: x },
      { b: x },
      [null],
      [[x]],
      x,
      null,
      new Pair([x, y], "a"),
      new Pair([x, y], "b"),
    ].map((tree) => structureKey(flatten(tree).structure));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("of two classes with one name differ too, as minified code needs it", () => {
    const make = (): (new (value: unknown) => { value: unknown }) =>
      class Same {
        readonly value: unknown;
        constructor(value: unknown) {
          this.value = value;
        }
      };
    const [A, B] = [make(), make()];
    for (const each of [A, B]) {
      registerTreeClass(each, {
        flatten: (v) => ({ children: [v.value], aux: null }),
        unflatten: ([v]) => new each(v),
      });
    }
    const [a, b] = [new A(x), new B(x)].map((value) => structureKey(flatten(value).structure));
    expect(a).not.toBe(b);
  });

  it("the first leaf that is missing or extra is named", () => {
    const [want, less, more] = [{ a: x, b: y }, { a: x }, { a: x, b: y, c: 1 }].map((tree) => flatten(tree));
    expect(() => checkStructure("op", want, less)).toThrow(
      'op: trees must have the same structure, expected {"a":*,"b":*}, got {"a":*}; leaf "b" is missing',
    );
    expect(() => checkStructure("op", want, more)).toThrow('leaf "c" is extra');
    checkStructure("op", want, flatten({ b: 1, a: 2 }));
  });
});

describe("treeMap", () => {
  it("maps leaves and keeps the structure", () => {
    const doubled = treeMap((leaf: Tensor) => leaf.mul(2), { w: [x], b: y });
    expect(doubled.w[0].toArray()).toEqual([2, 4]);
    expect(doubled.b.item()).toBe(6);
  });

  it("walks several trees at once, which must agree", () => {
    const sum = treeMap((a: Tensor, b: Tensor) => a.add(b), { w: x }, { w: x });
    expect(sum.w.toArray()).toEqual([2, 4]);
    expect(() => treeMap((a: Tensor) => a, { w: x }, { v: x })).toThrow('leaf "w" is missing');
  });
});

describe("a class that is taken apart wrongly", () => {
  const one = tensor(1);
  it.each<[string, object, RegExp]>([
    ["an array", { flatten: () => [one] }, /flatten of Wrong\S* must return \{ children, aux \}.*, got Array$/],
    ["no array of children", { flatten: () => ({ children: one, aux: null }) }, /an array of children, got Object$/],
    ["nothing", { flatten: () => undefined }, /an array of children, got undefined$/],
    [
      "no instance",
      { unflatten: () => undefined },
      /unflatten of Wrong\S* must return an instance of Wrong\S*, got undefined$/,
    ],
    ["a plain object", { unflatten: () => ({}) }, /must return an instance of Wrong\S*, got Object$/],
  ])("is an error that names the class: %s", (_, how, message) => {
    class Wrong {}
    registerTreeClass(Wrong, {
      flatten: () => ({ children: [one], aux: null }),
      unflatten: () => new Wrong(),
      ...how,
    });
    const double = () => treeMap((x: Tensor) => x.mul(2), [new Wrong()]);
    expect(double).toThrow(DTypeError);
    expect(double).toThrow(message);
  });
});

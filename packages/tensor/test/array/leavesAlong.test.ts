import { describe, expect, it } from "vitest";
import { type Entries, flatten, leavesAlong, registerTreeClass } from "../../src/index.ts";

const entries: Entries<number | null> = {
  operation: "op",
  what: "axis",
  isWhole: (entry) => entry === null,
  isEntry: (entry): entry is number => typeof entry === "number",
  kind: "a number or null",
  hint: "null means none",
};
const along = (first: unknown, second: unknown) => leavesAlong(entries, flatten(first).structure, second, first);

/** Children in an order that is not the one of sorted keys, and a setting. */
class Pair {
  readonly z: unknown;
  readonly a: unknown;
  readonly name: string;
  constructor(z: unknown, a: unknown, name = "pair") {
    this.z = z;
    this.a = a;
    this.name = name;
  }
}
registerTreeClass(Pair, {
  flatten: ({ z, a, name }) => ({ children: [z, a], aux: name }),
  unflatten: ([z, a], name) => new Pair(z, a, name as string),
});

/** The same with private fields, behind getters. */
class Hidden {
  readonly #z: unknown;
  readonly #a: unknown;
  constructor(z: unknown, a: unknown) {
    this.#z = z;
    this.#a = a;
  }
  get z(): unknown {
    return this.#z;
  }
  get a(): unknown {
    return this.#a;
  }
}
registerTreeClass(Hidden, {
  flatten: ({ z, a }) => ({ children: [z, a], aux: null }),
  unflatten: ([z, a]) => new Hidden(z, a),
});

/** Children in a list. */
class Stack {
  readonly layers: readonly unknown[];
  readonly width: number;
  constructor(layers: readonly unknown[], width = 2) {
    this.layers = layers;
    this.width = width;
  }
}
registerTreeClass(Stack, {
  flatten: ({ layers, width }) => ({ children: [...layers].reverse(), aux: width }),
  unflatten: (layers, width) => new Stack([...layers].reverse(), width as number),
});

describe("leavesAlong", () => {
  it.each<[string, unknown, unknown, (number | null)[]]>([
    ["a leaf", 1, 7, [7]],
    ["null above leaves", { a: [1, 2], b: 3 }, { a: null, b: 7 }, [null, null, 7]],
    ["keys in any order", { a: 1, b: 2 }, { b: 7, a: 8 }, [8, 7]],
    ["keys with commas", { "a,b": 1, c: 2 }, { "a,b": 7, c: 8 }, [7, 8]],
    ["null where the value is null", { a: null, b: 1 }, { a: null, b: 7 }, [7]],
    ["undefined where the value is", { a: undefined, b: 1 }, { a: undefined, b: 7 }, [7]],
    ["empty trees", [[], {}], [[], {}], []],
    ["an instance", new Pair(1, 2), new Pair(7, null), [7, null]],
    ["an instance along one with equal children", new Pair(1, 1), { a: 8, z: 7 }, [7, 8]],
    ["names of properties at an instance", new Pair(1, 2), { a: 8, z: 7 }, [7, 8]],
    ["null at a setting", new Pair(1, 2), { a: 8, z: 7, name: null }, [7, 8]],
    ["names at private fields", new Hidden(1, 2), { a: 8, z: 7 }, [7, 8]],
    ["a list in an instance", new Stack([1, { w: 2 }]), { layers: [7, { w: 8 }] }, [8, 7]],
    ["null for a list in an instance", new Stack([1, 2]), { layers: null, width: null }, [null, null]],
    ["instances in instances", new Pair(new Pair(1, 2), { w: 3 }), { a: { w: 9 }, z: { a: 8, z: 7 } }, [7, 8, 9]],
  ])("%s", (_, first, second, want) => {
    expect(along(first, second)).toEqual(want);
  });

  it.each<[string, unknown, unknown, string]>([
    ["a missing key", { a: 1, b: 2 }, { a: 7 }, 'an object with "a", "b", got an object with "a"; leaf "b" is missing'],
    ["an extra key", { a: 1 }, { a: 7, c: 7 }, 'an object with "a", got an object with "a", "c"; leaf "c" is extra'],
    [
      "a key below",
      [{ a: { b: 1 } }],
      [{ a: {} }],
      'the axis of leaf "[0].a" must be an object with "b", got an object with no keys; leaf "[0].a.b" is missing',
    ],
    ["commas in keys", { "a,b": 1 }, { a: 7, b: 7 }, 'leaf "a,b" is missing'],
    ["undefined at a leaf", { a: 1 }, { a: undefined }, 'the axis of leaf "a" must be a number or null, got undefined'],
    [
      "a hole",
      [1, 2],
      Object.assign(new Array(2), [7]),
      'the axis of leaf "[1]" must be a number or null, got undefined',
    ],
    ["too few", [1, 2], [7], "must be an array of 2, got an array of 1"],
    ["too many", [1], [7, 7], "must be an array of 1, got an array of 2"],
    ["an object at an array", [1], { 0: 7 }, 'must be an array of 1, got an object with "0"'],
    ["a leaf at an object", { a: 1 }, 7, 'must be an object with "a", got number 7'],
    ["a leaf where the value is null", { a: null }, { a: 7 }, "must be null as the value is, got number 7"],
    ["a string", [1], ["7"], "must be a number or null, got string 7"],
    [
      "a missing name at an instance",
      new Pair(1, 2),
      { z: 7 },
      'an instance of Pair, or an object with "z", "a", got an object with "z"; leaf "a" is missing',
    ],
    ["an extra name at an instance", new Pair(1, 2), { z: 7, a: 7, q: 7 }, 'leaf "q" is extra'],
    ["a number at a setting", new Pair(1, 2), { z: 7, a: 7, name: 7 }, 'leaf "name" is extra'],
    ["another class", new Pair(1, 2), new Hidden(7, 8), "must be an instance of Pair, got an instance of Hidden"],
    [
      "other settings",
      new Pair(1, 2),
      new Pair(7, 8, "other"),
      "and the settings of the value, got an instance of Pair",
    ],
    [
      "an instance at a plain object",
      { z: 1, a: 2 },
      new Pair(7, 8),
      'must be an object with "a", "z", got an instance of Pair',
    ],
    ["a short list in an instance", new Stack([1, 2]), { layers: [7] }, 'an object with "layers", of the lengths of'],
    ["a number for a list", new Stack([1, { w: 2 }]), { layers: 7 }, 'must be an object with "w", got number'],
    [
      "names that cannot be told apart",
      new Hidden(1, 1),
      { z: 7, a: 8 },
      "which property each child is cannot be told",
    ],
  ])("%s is refused with both lists of keys", (_, first, second, message) => {
    expect(() => along(first, second)).toThrow(message);
    expect(() => along(first, second)).toThrow(/^op: the ax[ie]s.*; null means none$/);
  });

  it("lists a dozen keys of many", () => {
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`k${i}`, i]));
    expect(() => along(many, {})).toThrow('"k107", "k108", … (1000 keys), got an object with no keys');
  });
});

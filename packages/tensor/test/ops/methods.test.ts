import { describe, expect, it } from "vitest";
import * as api from "../../src/index.ts";
import { ops, Tensor, tensor } from "../../src/index.ts";

const names = Object.keys(ops) as (keyof typeof ops)[];

describe("methods", () => {
  it.each(names)("%s is a method", (name) => {
    expect(typeof (Tensor.prototype as unknown as Record<string, unknown>)[name]).toBe("function");
  });

  it("are exactly the table: no other names on the prototype", () => {
    const own = ["constructor", "rank", "size", "dataSync", "data", "item", "read", "toArray", "toJSON", "toString"];
    const found = Object.getOwnPropertyNames(Tensor.prototype).filter((name) => !own.includes(name));
    expect(found.sort()).toEqual([...names].sort());
  });

  it("are the exported functions, apart from split (random keys) and var", () => {
    for (const name of names) {
      if (name === "split" || name === "var") continue;
      expect((api as Record<string, unknown>)[name]).toBe(ops[name]);
    }
  });

  it("pass themselves as the first argument, and the rest behind it", () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    expect(x.sum(0, { keepDims: true }).toArray()).toEqual([[4, 6]]);
    expect(x.slice(0, [1]).toArray()).toEqual([2]);
    expect(x.var().item()).toBe(api.variance(x).item());
    expect(x.split(2, 1).map((part) => part.shape)).toEqual([
      [2, 1],
      [2, 1],
    ]);
  });

  it("do not show up when the keys of a tensor are listed", () => {
    expect(Object.keys(tensor(1))).not.toContain("add");
    const listed: string[] = [];
    for (const key in tensor(1)) listed.push(key);
    expect(listed).not.toContain("add");
  });
});

import { describe, expect, it } from "vitest";
import { quote } from "../../src/array/quote.ts";

const circular: { self?: unknown } = {};
circular.self = circular;

describe("quoted values", () => {
  it.each([
    ["text", '"text"'],
    ['a "b"\n', '"a \\"b\\"\\n"'],
    [Number.POSITIVE_INFINITY, "Infinity"],
    [Number.NaN, "NaN"],
    [-0.5, "-0.5"],
    [undefined, "undefined"],
    [null, "null"],
    [12n, "12"],
    [[1, Number.NaN], '[1,"NaN"]'],
    [{ a: 1 }, '{"a":1}'],
    [circular, "an object that JSON cannot hold"],
  ])("%s", (value, shown) => {
    expect(quote(value)).toBe(shown);
  });

  it("are cut after 80 characters", () => {
    expect(quote("a".repeat(81))).toBe(`"${"a".repeat(80)}…"`);
    expect(quote("a".repeat(80))).toBe(`"${"a".repeat(80)}"`);
    expect(quote(Array.from({ length: 1000 }, (_, i) => i))).toHaveLength(81);
  });
});

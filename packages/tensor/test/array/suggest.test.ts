import { describe, expect, it } from "vitest";
import { closestNames, didYouMean, mustBeOneOf } from "../../src/array/suggest.ts";

const solvers = ["euler", "midpoint", "heun", "rk4", "dopri5"];
const many = Array.from({ length: 40 }, (_, i) => `loss${String.fromCharCode(97 + (i % 26)).repeat(2 + (i % 5))}${i}`);

describe("suggestions for unknown names", () => {
  it("are found among more names than a call takes arguments", () => {
    const columns = Array.from({ length: 200_000 }, (_, i) => `column${i}`);
    expect(closestNames("column_7", columns)).toEqual(["column7"]);
    expect(closestNames("nope", columns)).toEqual([]);
  });

  it.each([
    ["huen", ["heun"]],
    ["Heun", ["heun"]],
    ["mid-point", ["midpoint"]],
    ["rk45", ["rk4"]],
    ["dopri", ["dopri5"]],
    ["mid", ["midpoint"]],
    ["", []],
    ["adamsBashforth", []],
    ["x".repeat(100_000), []],
  ])("of %s", (given, close) => {
    expect(closestNames(given, solvers)).toEqual(close);
  });

  it("names all that are equally close", () => {
    expect(didYouMean("cat", ["bat", "rat", "dog"])).toBe("; did you mean bat or rat?");
    expect(didYouMean(7, solvers)).toBe("");
  });

  it("lists a short list and counts a long one", () => {
    expect(mustBeOneOf("huen", solvers)).toBe(
      'must be one of euler, midpoint, heun, rk4, dopri5, got "huen"; did you mean heun?',
    );
    const [first] = many;
    expect(mustBeOneOf(`${first}x`, many, "losses lists them")).toBe(
      `must be one of 40 names (losses lists them), got "${first}x"; did you mean ${first}?`,
    );
    const unlike = mustBeOneOf("quite another word", many);
    expect(unlike).toBe(`must be one of 40 names, such as ${many.slice(0, 3).join(", ")}, got "quite another word"`);
  });

  it("cuts what came at 80 characters", () => {
    expect(mustBeOneOf("q".repeat(500), solvers)).toHaveLength(
      80 + 'must be one of euler, midpoint, heun, rk4, dopri5, got "…"'.length,
    );
  });
});

import { describe, expect, it } from "vitest";
import { hurried, paceOf, spansOf } from "../../src/run/pace.ts";
import { quickSettings } from "../../src/run/settings.ts";

describe("pace", () => {
  const span = { begin: 100, end: 200 };

  it("is calm ahead of the clock, hurried behind it, and nothing after the end", () => {
    expect(paceOf(160, span, 5, 10)).toBe("calm");
    expect(paceOf(161, span, 5, 10)).toBe("hurried");
    expect(paceOf(201, span, 5, 10)).toBe("skipped");
  });

  it("the first case of a group is always measured", () => {
    expect(paceOf(110, span, 0, 10)).toBe("calm");
    expect(paceOf(999, span, 0, 10)).toBe("hurried");
  });

  it("spans follow one another and fill the time", () => {
    expect(spansOf([1, 3], 200)).toEqual([
      { begin: 0, end: 50 },
      { begin: 50, end: 200 },
    ]);
  });

  it("a hurried case still makes the least number of calls", () => {
    expect(hurried(quickSettings)).toMatchObject({ leastCalls: quickSettings.leastCalls, rounds: 1, budget: 0 });
  });
});

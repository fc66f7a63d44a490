import { bits } from "@pushforward/tensor";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultSeed, forAll, withSeed } from "../src/index.ts";

/** The message of the error that a call throws. */
function messageOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

const isSmall = (n: number): boolean => n < 100;

describe("forAll", () => {
  it("accepts a law that holds, and laws that return nothing", () => {
    forAll(fc.nat(), (n) => n >= 0);
    forAll(fc.nat(), (n) => expect(n).toBeGreaterThanOrEqual(0));
  });

  it("shows the smallest counterexample, the seed and the path that replays it", () => {
    const message = messageOf(() => forAll(fc.nat({ max: 1000 }), isSmall));
    expect(message).toContain("Counterexample: [100]");
    expect(message).toContain(`seed: ${defaultSeed}, path: "`);
    const path = /path: "([^"]*)"/.exec(message)?.[1];
    expect(messageOf(() => forAll(fc.nat({ max: 1000 }), isSmall, { path }))).toContain("Counterexample: [100]");
  });

  it("draws the same values every time, and others from another seed", () => {
    const draw = (seed?: number): number[] => {
      const seen: number[] = [];
      forAll(fc.nat(), (n) => seen.push(n), { runs: 20, seed });
      return seen;
    };
    expect(draw()).toEqual(draw());
    expect(draw(1)).not.toEqual(draw(2));
  });

  it("keeps the error of the law as the cause", () => {
    try {
      forAll(fc.constant(1), () => {
        throw new Error("mine");
      });
    } catch (error) {
      expect(((error as Error).cause as Error).message).toBe("mine");
    }
    expect.assertions(1);
  });
});

describe("withSeed", () => {
  it("hands out the key and names the seed in an error", () => {
    expect(withSeed(0, (k) => bits(k).item() >>> 0)).toBe(4070199207);
    const fail = (): never => {
      throw new Error("mine");
    };
    expect(messageOf(() => withSeed(7, fail))).toBe("seed 7: mine");
  });
});

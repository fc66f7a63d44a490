import { key } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { Draws } from "../src/draws.ts";

describe("Draws", () => {
  it("repeats for the same key and differs for another", () => {
    const first = (seed: number): number[] => {
      const draws = new Draws(key(seed));
      return draws.list(70, () => draws.uniform());
    };
    expect(first(1)).toEqual(first(1));
    expect(first(1)).not.toEqual(first(2));
    expect(new Set(first(1)).size).toBe(70);
  });

  it("draws whole numbers from the whole closed range", () => {
    const draws = new Draws(key(3));
    const seen = new Set(draws.list(200, () => draws.integer(2, 5)));
    expect([...seen].sort()).toEqual([2, 3, 4, 5]);
  });

  it("keeps signed numbers away from zero", () => {
    const draws = new Draws(key(4));
    const sizes = draws.list(100, () => draws.signed(0.5, 1));
    expect(sizes.every((x) => Math.abs(x) >= 0.5 && Math.abs(x) < 1)).toBe(true);
    expect(new Set(sizes.map(Math.sign)).size).toBe(2);
  });

  it("refuses to pick from an empty list", () => {
    expect(() => new Draws(key(0)).pick([])).toThrow("pick: needs at least one choice, got none");
  });
});

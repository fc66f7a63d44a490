import { describe, expect, it } from "vitest";
import { Pace } from "../../../../src/backends/wasm/threads/pace.ts";

/** Durations of calls when the first way takes `one(call)` and the second `two(call)`. */
function play(calls: number, one: (call: number) => number, two: (call: number) => number): boolean[] {
  const pace = new Pace();
  return Array.from({ length: calls }, (_, call) => {
    const isSecond = pace.next();
    pace.record(isSecond, isSecond ? two(call) : one(call));
    return isSecond;
  });
}

const share = (ways: readonly boolean[]): number => ways.filter((way) => way).length / ways.length;

describe("Pace", () => {
  it("takes the second way where that is quicker, but for a few looks", () => {
    const ways = play(
      2000,
      () => 2,
      () => 1,
    );
    expect(share(ways)).toBeGreaterThan(0.97);
    expect(share(ways)).toBeLessThan(1);
  });

  it("takes the first way where the second is slow", () => {
    expect(
      share(
        play(
          2000,
          () => 1,
          () => 10,
        ),
      ),
    ).toBeLessThan(0.03);
  });

  it("notices a change, in both directions, within some hundred calls", () => {
    const busy = (call: number): boolean => call >= 1000 && call < 2000;
    const ways = play(
      3000,
      () => 2,
      (call) => (busy(call) ? 20 : 1),
    );
    expect(share(ways.slice(1300, 2000))).toBeLessThan(0.05);
    expect(share(ways.slice(2300))).toBeGreaterThan(0.95);
    const total = ways.slice(1000, 2000).reduce((sum, isSecond) => sum + (isSecond ? 20 : 2), 0);
    expect(total / 2000).toBeLessThan(1.3);
  });

  it("is not led astray by single calls", () => {
    const ways = play(
      1000,
      () => 2,
      (call) => (call % 10 === 0 ? 30 : 1),
    );
    expect(share(ways)).toBeGreaterThan(0.9);
  });
});

import { describe, expect, it } from "vitest";
import { VariantChoice } from "../../../../src/backends/wasm/threads/variantChoice.ts";

/** Durations of calls when the first variant takes `one(call)` and the second `two(call)`. */
function run(calls: number, one: (call: number) => number, two: (call: number) => number): boolean[] {
  const choice = new VariantChoice();
  return Array.from({ length: calls }, (_, call) => {
    const isSecond = choice.next();
    choice.record(isSecond, isSecond ? two(call) : one(call));
    return isSecond;
  });
}

/** The fraction of calls that ran the second variant. */
const fraction = (choices: readonly boolean[]): number =>
  choices.filter((isSecond) => isSecond).length / choices.length;

describe("VariantChoice", () => {
  it("runs the second variant where that is quicker, but for a few looks", () => {
    const choices = run(
      2000,
      () => 2,
      () => 1,
    );
    expect(fraction(choices)).toBeGreaterThan(0.97);
    expect(fraction(choices)).toBeLessThan(1);
  });

  it("runs the first variant where the second is slow", () => {
    expect(
      fraction(
        run(
          2000,
          () => 1,
          () => 10,
        ),
      ),
    ).toBeLessThan(0.03);
  });

  it("notices a change, in both directions, within some hundred calls", () => {
    const busy = (call: number): boolean => call >= 1000 && call < 2000;
    const choices = run(
      3000,
      () => 2,
      (call) => (busy(call) ? 20 : 1),
    );
    expect(fraction(choices.slice(1300, 2000))).toBeLessThan(0.05);
    expect(fraction(choices.slice(2300))).toBeGreaterThan(0.95);
    const total = choices.slice(1000, 2000).reduce((sum, isSecond) => sum + (isSecond ? 20 : 2), 0);
    expect(total / 2000).toBeLessThan(1.3);
  });

  it("is not led astray by single calls", () => {
    const choices = run(
      1000,
      () => 2,
      (call) => (call % 10 === 0 ? 30 : 1),
    );
    expect(fraction(choices)).toBeGreaterThan(0.9);
  });
});

import type { Tensor } from "@pushforward/tensor";
import { expect } from "vitest";

/** The elements of a tensor, row-major. */
export const valuesOf = (x: Tensor): number[] => [...x.dataSync()];

/** Every element within an absolute distance of what is expected; the message names the first that is not. */
export function expectValues(x: Tensor, expected: readonly number[], tolerance: number): void {
  const got = valuesOf(x);
  expect(got.length).toBe(expected.length);
  const bad = got.findIndex((value, i) => !(Math.abs(value - expected[i]) <= tolerance));
  if (bad >= 0) {
    expect.fail(
      `element ${bad} must be ${expected[bad]} ± ${tolerance}, got ${got[bad]} (all: ${got.slice(0, 8).join(", ")})`,
    );
  }
}

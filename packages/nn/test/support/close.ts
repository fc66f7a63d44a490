import { treeLeaves } from "@pushforward/tensor";
import { expect } from "vitest";

/** All numbers of a tree in order. */
export const numbersOf = (tree: unknown): number[] =>
  treeLeaves(tree).flatMap((leaf) => (typeof leaf === "object" ? [...leaf.dataSync()] : [Number(leaf)]));

/** Every number within an absolute bound of the expected one. */
export function expectWithin(actual: unknown, expected: readonly number[], bound: number): void {
  const numbers = numbersOf(actual);
  expect(numbers.length).toBe(expected.length);
  const worst = Math.max(0, ...numbers.map((value, i) => Math.abs(value - expected[i])));
  expect(worst, `${numbers} against ${expected}`).toBeLessThanOrEqual(bound);
}

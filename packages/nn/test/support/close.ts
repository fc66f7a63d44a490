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

/** The same bits, leaf by leaf. */
export function expectSameBits(actual: unknown, expected: unknown): void {
  const [got, want] = [actual, expected].map((tree) => treeLeaves(tree));
  expect(got.length).toBe(want.length);
  got.forEach((leaf, i) => {
    const other = want[i];
    if (typeof leaf !== "object" || typeof other !== "object") throw new Error("leaves must be tensors");
    expect(leaf.dtype).toBe(other.dtype);
    expect(leaf.shape).toEqual(other.shape);
    expect(Buffer.from(leaf.dataSync().buffer).equals(Buffer.from(other.dataSync().buffer))).toBe(true);
  });
}

import { tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { gapOf, listGap, rowGaps, treeGap, worse, worstOf } from "../src/gaps.ts";

describe("residuals", () => {
  it("are absolute for small numbers and relative for large ones", () => {
    expect(gapOf(0.5, 0.25)).toBe(0.25);
    expect(gapOf(110, 100)).toBeCloseTo(0.1, 15);
  });

  it("keep NaN on either side", () => {
    expect(worse(Number.NaN, 1)).toBeNaN();
    expect(worse(1, Number.NaN)).toBeNaN();
    expect(listGap([1, Number.NaN], [1, 1])).toBeNaN();
  });

  it("are NaN where shapes differ", () => {
    expect(treeGap(tensor([1, 2]), tensor([[1, 2]]))).toBeNaN();
    expect(treeGap([tensor(1)], [tensor(1), tensor(2)])).toBeNaN();
    expect(rowGaps(tensor([[1]]), tensor([[1, 2]]))[0]).toBeNaN();
  });

  it("are the worst element of each row", () => {
    const [got, want] = [
      [
        [1, 2],
        [3, 5],
      ],
      [
        [1, 2.5],
        [3, 4],
      ],
    ].map((rows) => tensor(rows));
    expect([...rowGaps(got, want)]).toEqual([0.2, 0.25]);
    expect([...worstOf(rowGaps(got, want), Float64Array.of(1, 0))]).toEqual([1, 0.25]);
  });
});

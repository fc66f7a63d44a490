import { spreadOf } from "@pushforward/training";
import { describe, expect, it } from "vitest";
import type { ResultRow } from "../../src/report/report.ts";
import { drawSummary } from "../../src/report/summaryPlot.ts";

const palette = (): string => "red";

/** A row of scores with several seeds, or with one. */
function row(name: string, oneStep: readonly number[], fourStep: readonly number[] = oneStep): ResultRow {
  const spreads = { oneStepError: spreadOf(oneStep)!, fourStepError: spreadOf(fourStep)! };
  const means = { oneStepError: spreads.oneStepError.mean, fourStepError: spreads.fourStepError.mean };
  return { name, kind: "loss", ...means, ...(oneStep.length > 1 ? { spreads } : {}) } as unknown as ResultRow;
}

/** Ends of the horizontal lines that stand for error bars. */
const linesOf = (svg: string): [from: number, to: number][] =>
  [...svg.matchAll(/d="M([\d.]+),([\d.]+)L([\d.]+),([\d.]+)"/g)].map(([, x1, , x2]) => [Number(x1), Number(x2)]);

/** Centres of the dots. */
const dotsOf = (svg: string): number[] => [...svg.matchAll(/<circle[^>]* cx="([\d.]+)"/g)].map(([, x]) => Number(x));

describe("drawSummary", () => {
  it("draws an error bar of one standard deviation at each score of several seeds", () => {
    const { svg, caption } = drawSummary([row("one", [1, 2, 3], [4, 4.5, 5]), row("two", [2, 2.5, 3])], palette)!;
    expect(caption).toMatch(/Means over the seeds; bars are one standard deviation\./);
    const [bars, dots] = [linesOf(svg), dotsOf(svg)];
    expect([bars.length, dots.length]).toEqual([4, 4]);
    // The axis is logarithmic: the ends of the first bar are at 1 and 3 around the dot at 2.
    const [[low, high], dot] = [bars[0], dots[0]];
    expect((dot - low) / (high - dot)).toBeCloseTo(Math.log(2) / Math.log(1.5), 1);
  });

  it("draws none for single seeds and for scores without a deviation, and ends a bar before zero", () => {
    const single = drawSummary([row("one", [1]), row("two", [2])], palette)!;
    expect(single.caption).not.toMatch(/bars/);
    expect(linesOf(single.svg)).toHaveLength(2); // one line joins both scores of each row
    const same = drawSummary([row("one", [1, 1]), row("two", [1, 3], [2, 4])], palette)!;
    expect(linesOf(same.svg)).toHaveLength(2);
    const wide = drawSummary([row("one", [0.1, 9]), row("two", [2, 3])], palette)!;
    expect(
      linesOf(wide.svg)
        .flat()
        .every((x) => x > 0),
    ).toBe(true);
  });
});

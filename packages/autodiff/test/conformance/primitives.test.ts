import { forAll } from "@pushforward/testing";
import { afterAll, describe, expect, it } from "vitest";
import { isJudged, judge, tolerance } from "../support/conformance.ts";
import { derivativeCases, differentiable } from "../support/derivativeCase.ts";

// Many cases on a busy machine.
/** Draws of each primitive; each is judged in six modes. */
const runs = 6;

const counts = { cases: 0, skipped: 0, worst: 0, where: "" };

describe("derivatives to second order against differences and complex steps", () => {
  it.each(differentiable)("%s", (name) => {
    forAll(
      derivativeCases(name),
      (each) => {
        for (const verdict of judge(each)) {
          counts.cases++;
          if (!isJudged(verdict)) {
            counts.skipped++;
            continue;
          }
          if (verdict.error > counts.worst)
            Object.assign(counts, { worst: verdict.error, where: `${verdict.mode} of ${name}` });
          expect(verdict.error, verdict.mode).toBeLessThanOrEqual(tolerance);
        }
      },
      { runs },
    );
  });

  it("are 1,500 cases or more, of which the oracles leave fewer than one in a hundred open", () => {
    expect(counts.cases).toBeGreaterThanOrEqual(1500);
    expect(counts.skipped / counts.cases).toBeLessThan(0.01);
  });

  afterAll(() => {
    if (process.env.PUSHFORWARD_CASES)
      console.info(`${counts.cases} cases, ${counts.skipped} skipped, worst ${counts.worst} (${counts.where})`);
  });
});

import { builtinProblems } from "@pushforward/training";
import { describe, expect, it } from "vitest";
import { summarize } from "../../src/experiments/results.ts";
import type { ResultRow } from "../../src/report/report.ts";

const problem = builtinProblems.digits();
const row = (name: string, energyDistance: number, frechet?: number): ResultRow => ({
  name,
  kind: name.startsWith("Gaussian") ? "baseline" : "loss",
  energyDistance,
  ...(frechet === undefined ? {} : { frechet }),
});
const gaussian = row("Gaussian per class", 0.2, 3);

describe("the main result in words", () => {
  it.each([
    [0.1, 2, "comes closer", "comes closer"],
    [0.1, 4, "comes closer", "does not come closer"],
    [0.3, 2, "does not come closer", "comes closer"],
    [0.3, 4, "does not come closer", "does not come closer"],
    [0.2, 3, "does not come closer", "does not come closer"],
  ])("says it by each distance: energy distance %f of 0.2, Fréchet distance %f of 3", (energy, frechet, by, also) => {
    const words = summarize([row("meanFlow", energy, frechet), gaussian], problem);
    expect(words).toBe(
      `One step of meanFlow ${by} to held-out points of digits than a Gaussian per class: energy distance ${energy.toPrecision(2)}, against 0.20. By Fréchet distance it ${also} than the Gaussian per class: ${frechet.toPrecision(2)}, against 3.0.`,
    );
  });

  it("speaks of the loss with the least energy distance where there are several", () => {
    const words = summarize([row("lsd", 0.15, 1), row("meanFlow", 0.1, 4), gaussian], problem);
    expect(words).toBe(
      "One step of meanFlow comes closest to held-out points of digits: energy distance 0.10, against 0.20 of a Gaussian per class, which 2 of 2 losses beat. By Fréchet distance it does not come closer than the Gaussian per class: 4.0, against 3.0.",
    );
  });

  it("has no second sentence without labels, or for a training that diverged", () => {
    expect(summarize([row("lsd", 0.1), row("Gaussian fit", 0.2)], problem)).not.toContain("Fréchet");
    expect(summarize([row("lsd", Number.NaN, Number.NaN), gaussian], problem)).not.toContain("Fréchet");
  });
});

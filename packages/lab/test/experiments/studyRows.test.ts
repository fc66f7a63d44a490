import { describe, expect, it } from "vitest";
import { parseTrainConfig } from "../../src/config.ts";
import type { StudiedRun } from "../../src/experiments/study.ts";
import { studyRows } from "../../src/experiments/studyRows.ts";
import type { ResultRow } from "../../src/report/report.ts";

const runOf = (loss: string, seed: number, energyDistance?: number): StudiedRun => ({
  ...{
    path: `${loss}/${seed}`,
    problem: "moons",
    seed,
    config: parseTrainConfig({ kind: "train", loss, data: "moons", seed }),
  },
  ...(energyDistance === undefined
    ? { failure: "the disk is full" }
    : { row: { name: loss, kind: "loss", energyDistance, stepsPerSecond: 100 * seed } }),
});

const baseline = (name: string, energyDistance: number): ResultRow => ({ name, kind: "baseline", energyDistance });
const baselines = [baseline("training data", 0.01), baseline("Gaussian fit", 0.2)] as const;
const byName = (rows: ReturnType<typeof studyRows>) => Object.fromEntries(rows.map((row) => [row.name, row]));

describe("studyRows", () => {
  const losses = ["meanFlow", "esd", "lsd", "psd"];
  const runs = [
    ...[0.1, 0.15].map((value, seed) => runOf("meanFlow", seed, value)),
    ...[0.05, 0.25].map((value, seed) => runOf("esd", seed, value)),
    ...[0.02, Number.NaN].map((value, seed) => runOf("lsd", seed, value)),
    ...[0.03, undefined].map((value, seed) => runOf("psd", seed, value)),
    runOf("teacher", 0, 0.01),
  ];
  const rows = byName(studyRows({ losses }, runs, baselines));

  it("has the mean and the spread over seeds of every figure", () => {
    const { energyDistance, stepsPerSecond, oneStepError } = rows.meanFlow.scores;
    expect(energyDistance?.mean).toBeCloseTo(0.125, 14);
    expect(energyDistance?.deviation).toBeCloseTo(0.025 * Math.SQRT2, 14);
    expect(stepsPerSecond).toMatchObject({ mean: 50, values: [0, 100] });
    expect(oneStepError).toBeUndefined();
  });

  it("lets a loss beat the Gaussian fit only if it does so with every seed", () => {
    expect(rows.meanFlow.beatsGaussianFit).toBe(true);
    expect(rows.esd.beatsGaussianFit).toBe(false); // its mean would
    expect(rows.lsd).toMatchObject({ beatsGaussianFit: false, diverged: 1, failures: [] });
    expect(rows.psd).toMatchObject({ beatsGaussianFit: false, failures: ["seed 1: the disk is full"] });
  });

  it("asks nothing where a Gaussian is about as good as the data", () => {
    const easy = byName(studyRows({ losses }, runs, [baselines[0], baseline("Gaussian fit", 0.012)]));
    expect(easy.esd.beatsGaussianFit).toBeUndefined();
  });

  it("stands by family, the best first, and ends with what losses are compared with", () => {
    const sorted = studyRows(
      { losses: ["meanFlow", "secondOrder", "lsd", "globalForward"] },
      [
        ...[runOf("meanFlow", 0, 0.3), runOf("secondOrder", 0, 0.2), runOf("lsd", 0, 0.4)],
        ...[runOf("globalForward", 0, Number.NaN), runOf("teacher", 0, 0.1)],
      ],
      baselines,
    );
    const names = sorted.map(({ name }) => name);
    expect(names.slice(-3)).toEqual(["teacher", "training data", "Gaussian fit"]);
    expect(names.indexOf("secondOrder")).toBeLessThan(names.indexOf("meanFlow"));
    expect(names.indexOf("lsd")).toBeLessThan(names.indexOf("globalForward"));
    const families = sorted.map(({ family }) => family);
    expect(new Set(families).size).toBe(families.filter((family, i) => family !== families[i - 1]).length);
  });

  it("a loss without some of its stop-gradients has the name of the variant", () => {
    const config = { losses: ["meanFlow", "lsd"], withoutStops: ["target"] };
    const names = studyRows(config, [runOf("meanFlow", 0, 0.3), runOf("lsd", 0, 0.4)], baselines).map(
      ({ name }) => name,
    );
    expect(names).toContain("meanFlow@-target");
    expect(names).toContain("lsd");
  });
});

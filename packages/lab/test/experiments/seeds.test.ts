import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseTrainConfig } from "../../src/config.ts";
import { differencesOf, seedRow } from "../../src/experiments/seedRows.ts";
import type { StudiedRun } from "../../src/experiments/study.ts";
import { formatDifferences } from "../../src/report/differences.ts";
import { temporaryFolder } from "../run/temporaryFolder.ts";
import { runHere } from "../support/command.ts";

const runOf = (loss: string, seed: number, energyDistance: number): StudiedRun => ({
  ...{ path: `seed${seed}/${loss}`, problem: "moons", seed },
  config: parseTrainConfig({ kind: "train", loss, data: "moons", seed }),
  row: { name: loss, kind: "loss", energyDistance },
});

describe("rows over seeds", () => {
  const base = [1, 2, 3, 4].map((score, seed) => runOf("lsd", seed, score));
  const other = [0, 1.5, 3.5, 2].map((score, seed) => runOf("lsd@-velocity", seed, score));

  it("have means, with the deviation of divisor n − 1", () => {
    const row = seedRow("lsd", "loss", base);
    expect(row.energyDistance).toBe(2.5);
    expect(row.spreads?.energyDistance.deviation).toBeCloseTo(Math.sqrt(5 / 3), 14);
    expect(row.oneStepError).toBeUndefined();
  });

  it("are subtracted by seed, in any order of the trainings", () => {
    const losses = [
      { name: "lsd", runs: base },
      { name: "lsd@-velocity", runs: other.toReversed() },
    ];
    const differences = differencesOf(losses);
    expect(differences).toMatchObject([
      { name: "lsd@-velocity", base: "lsd", metric: { title: "energy distance" }, mean: -0.75, better: 3, count: 4 },
    ]);
    expect(formatDifferences(differences)).toMatch(/energy distance +−0.750 ± 1.041 +−2.41 … 0.906 +3 of 4 seeds/);
    expect(formatDifferences([])).toBe("");
  });

  it("count a larger accuracy as better", () => {
    const withAccuracy = (run: StudiedRun, accuracy: number): StudiedRun => ({
      ...run,
      row: { ...run.row!, accuracy },
    });
    const losses = [
      { name: "lsd", runs: base.map((run) => withAccuracy(run, 0.5)) },
      { name: "lsd@-velocity", runs: other.map((run, seed) => withAccuracy(run, [0.6, 0.7, 0.8, 0.4][seed])) },
    ];
    const differences = differencesOf(losses);
    expect(differences.map(({ metric, better }) => [metric.title, better])).toEqual([
      ["energy distance", 3],
      ["accuracy", 3],
    ]);
    expect(formatDifferences(differences)).toMatch(/^Differences by seed \(below 0 is better, above 0 for accuracy\)/);
    expect(formatDifferences(differencesOf([losses[0], { ...losses[1], runs: other }]))).toMatch(
      /\(below 0 is better\)/,
    );
  });

  it("say which seeds diverged or failed", () => {
    const failed: StudiedRun = { ...runOf("lsd", 2, 1), row: undefined, failure: "the disk is full" };
    const { note, energyDistance } = seedRow("lsd", "loss", [base[0], runOf("lsd", 1, Number.NaN), failed]);
    expect(note).toBe("with seed 2 it failed: the disk is full; its loss stopped being finite with the seed 1.");
    const noted = seedRow(
      "lsd",
      "loss",
      [1, 2].map((seed) => {
        const run = runOf("lsd", seed, Number.NaN);
        return { ...run, row: { ...run.row!, note: `its loss stopped being finite at step ${seed}; the cause.` } };
      }),
    );
    expect(noted.note).toBe(
      "its loss stopped being finite with the seeds 1, 2. With seed 1, its loss stopped being finite at step 1; the cause.",
    );
    expect(energyDistance).toBe(1);
    expect(seedRow("lsd", "loss", [failed])).toMatchObject({
      name: "lsd",
      kind: "loss",
      note: expect.stringContaining("failed"),
    });
  });
});

describe("a comparison with several seeds", () => {
  it("has a comparison in a folder of each seed, and ends with the same scores when it is resumed", async () => {
    const path = join(temporaryFolder(), "run");
    const size = ["--steps", "8", "--teacher-steps", "8", "--batch", "8", "--width", "4", "--depth", "1"];
    const losses = ["meanFlow", "meanFlow@-target"];
    const args = ["compare", ...losses, "--data", "gaussian", "--seed", "3", "--seeds", "2", ...size, "--jobs", "1"];
    const whole = await runHere([...args, "--output", path, "--json"]);
    expect(whole.code, whole.stderr).toBe(0);
    const result = JSON.parse(whole.stdout);
    const names = result.results.map(({ name }: { name: string }) => name);
    expect(names).toEqual([...losses, "teacher", "training data", "Gaussian fit"]);
    for (const name of [...losses, "teacher"]) {
      for (const seed of ["seed3", "seed4"])
        expect(existsSync(join(path, seed, name, "checkpoint.safetensors"))).toBe(true);
    }
    const [{ spreads }] = result.results;
    const stored = ["seed3", "seed4"].map(
      (seed) => JSON.parse(readFileSync(join(path, seed, "meanFlow", "figures.json"), "utf8")).row.oneStepError,
    );
    expect(spreads.oneStepError.values).toEqual(stored);
    expect(stored[0]).not.toBe(stored[1]);
    const report = readFileSync(join(path, "report.html"), "utf8");
    for (const part of ["Differences by seed", "meanFlow@-target − meanFlow", "those with seed 3", "3 … 4"]) {
      expect(report).toContain(part);
    }
    expect(report).toMatch(/train meanFlow@-target --data gaussian [^<]*--seed 3/);

    rmSync(join(path, "seed4", "meanFlow"), { recursive: true });
    const again = await runHere(["resume", path, "--json", "--jobs", "1"]);
    expect(again.code, again.stderr).toBe(0);
    expect(JSON.parse(again.stdout).differences).toEqual(result.differences);
  }, 120_000);
});

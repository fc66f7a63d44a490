import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readMetrics } from "../../src/run/metricsLog.ts";
import { runHere } from "../support/command.ts";
import { tinyRuns } from "../support/tinyRuns.ts";

const { path, settings } = tinyRuns();

describe("a training of a generator", () => {
  it.each([
    ["dmd", ["fakeGap", "fakeLag", "fakeVelocityLoss"]],
    ["dmd2", ["criticLoss", "fakeGap", "fakeLag", "fakeVelocityLoss"]],
    ["cosim", ["fakeGap", "fakeLag", "fakeVelocityLoss"]],
    ["uniInstructJensenShannonExact", ["criticLoss", "fakeGap", "fakeLag", "fakeVelocityLoss"]],
    ["freeFlow", ["fakeGap", "fakeLag", "fakeVelocityLoss"]],
    ["drifting", []],
    ["adversarial", ["criticLoss"]],
    ["pairRegression", []],
  ])("%s runs from the command line, and records its auxiliary networks and their lag", async (loss, metrics) => {
    const folder = path(loss);
    const { code, stderr } = await runHere([
      "train",
      loss,
      ...settings,
      "--depth",
      "1",
      "--group",
      "8",
      "--output",
      folder,
    ]);
    expect(code, stderr).toBe(0);
    const last = readMetrics(join(folder, "metrics.jsonl")).at(-1)!;
    expect(Object.keys(last).sort()).toEqual([...metrics, "loss", "step"].sort());
    expect(Object.values(last).every((value) => Number.isFinite(value))).toBe(true);
    const hasLag = (metrics as string[]).includes("fakeLag");
    expect(readFileSync(join(folder, "report.html"), "utf8").includes("Lag of the velocity of the samples")).toBe(
      hasLag,
    );
  });

  it("refuses a rate or a number of updates that makes no sense", async () => {
    const { stderr } = await runHere(["train", "dmd", "--student-rate", "0", "--fake-updates", "0"]);
    expect(stderr).toContain("--student-rate must be a number above 0, at most 1, got 0");
    expect(stderr).toContain("--fake-updates must be a whole number from 1 to 100, got 0");
  });
});

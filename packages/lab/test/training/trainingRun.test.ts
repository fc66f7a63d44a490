import { appendFileSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { defineLoss, recipe, term } from "@pushforward/losses";
import { exp, neg, sum } from "@pushforward/tensor";
import type { Observation } from "@pushforward/training";
import { describe, expect, it } from "vitest";
import { parseTrainConfig } from "../../src/config.ts";
import { problemOf } from "../../src/experiments/train.ts";
import { readMetrics } from "../../src/run/metricsLog.ts";
import { createRun } from "../../src/run/runFolder.ts";
import { trainedRecipe } from "../../src/training/trainedRecipe.ts";
import { runTraining } from "../../src/training/trainingRun.ts";
import { temporaryFolder } from "../run/temporaryFolder.ts";
import { runHere } from "../support/command.ts";

const tiny = { data: "moons", batch: 8, width: 4, depth: 1, steps: 12, teacherSteps: 4, logEvery: 2 };

/** A loss without a minimum, which soon overflows float32. */
const explodingLoss = defineLoss({
  ...{ name: "exploding", label: "Exploding", family: "flowMatching", paper: null, grade: "C" },
  ...{ learns: "velocity", needs: [], stops: [], optimum: "biased", conditionalVelocity: "unused", times: "any" },
  ...{ timeLaw: { kind: "diagonal", start: { kind: "uniform" } }, tangent: null, formula: "-e^{30 U}" },
  loss: ({ u, xs, s }) => neg(sum(exp(u(xs, s, s).mul(30)), 1)),
});
const exploding = recipe({ network: "velocity", terms: [term({ loss: explodingLoss })] });

describe("a training that diverges", () => {
  const config = parseTrainConfig({ kind: "train", loss: "teacher", learningRate: 1, ...tiny });

  it("ends there, says at which step, and does not try again when it is resumed", async () => {
    const folder = createRun(join(temporaryFolder(), "run"), config);
    const run = () => runTraining(folder, exploding, problemOf(config), undefined, { onProgress: () => undefined });
    const { divergedAt } = await run();
    expect(divergedAt).toBeGreaterThan(1);
    expect(divergedAt).toBeLessThan(12);
    const metrics = readFileSync(folder.files.metrics, "utf8");
    expect(metrics).toMatch(/\{"step":\d+,"loss":null,"diverged":true\}\n$/);
    expect((await run()).divergedAt).toBe(divergedAt);
    expect(readFileSync(folder.files.metrics, "utf8")).toBe(metrics);
  });

  it("tells the operation, the row and its times of the first infinity, where it is asked to", async () => {
    const folder = createRun(join(temporaryFolder(), "run"), { ...config, debugNans: true });
    const run = () => runTraining(folder, exploding, problemOf(config), undefined, { onProgress: () => undefined });
    const { cause } = await run();
    expect(cause).toMatch(
      /^in step \d+ of exploding the operation "exp" \(.*trainingRun\.test\.ts:\d+:\d+\) made the first infinity, in row [0-7] at s = 0\.\d+, t = 0\.\d+$/,
    );
    expect((await run()).cause).toBe(cause);
  });

  it("ends a single run with a message, and is a row of a comparison", async () => {
    const folder = join(temporaryFolder(), "comparison");
    const options = ["--batch", "8", "--width", "4", "--depth", "1", "--steps", "12", "--teacher-steps", "4"];
    expect(
      (await runHere(["compare", "lsd", "psd", "--data", "moons", ...options, "--jobs", "1", "--output", folder])).code,
    ).toBe(0);
    rmSync(join(folder, "lsd", "checkpoint.safetensors"));
    appendFileSync(join(folder, "lsd", "metrics.jsonl"), '{"step":13,"loss":null,"diverged":true}\n');
    const single = await runHere(["resume", join(folder, "lsd")]);
    expect(single.code).toBe(1);
    expect(single.stderr).toMatch(
      /^pushforward: train: the loss of lsd stopped being finite at step 13; try a --learning-rate below 0\.004/,
    );
    const all = await runHere(["resume", folder]);
    expect(all.code).toBe(0);
    expect(all.stdout).toMatch(/lsd +13 .* diverged +diverged/);
    expect(all.stdout).toContain("lsd: its loss stopped being finite at step 13");
    expect(all.stdout).toContain("One step of psd comes closest");
    const { results, beatsGaussianFit } = JSON.parse((await runHere(["resume", folder, "--json"])).stdout);
    expect(results[0]).toMatchObject({ name: "lsd", energyDistance: null });
    expect(beatsGaussianFit.lsd).toBe(false);
    expect(readFileSync(join(folder, "report.html"), "utf8")).toContain('<td class="diverged">diverged</td>');
  });
});

describe("a teacher that diverges", () => {
  it("ends the run with a message", async () => {
    const folder = join(temporaryFolder(), "run");
    const options = ["--batch", "8", "--width", "4", "--depth", "1", "--steps", "4", "--teacher-steps", "4"];
    expect((await runHere(["train", "lsd", "--data", "moons", ...options, "--output", folder])).code).toBe(0);
    appendFileSync(join(folder, "teacher", "metrics.jsonl"), '{"step":5,"loss":null,"diverged":true}\n');
    const { code, stderr } = await runHere(["resume", folder]);
    expect(code).toBe(1);
    expect(stderr).toContain("train: the loss of teacher stopped being finite at step 5");
  });
});

describe("an observed training", () => {
  const config = parseTrainConfig({
    kind: "train",
    loss: "meanFlow",
    teacherVelocity: "exact",
    ...tiny,
    data: "gaussian",
  });
  const trained = async (change: object) => {
    const folder = createRun(join(temporaryFolder(), "run"), { ...config, ...change });
    const problem = problemOf(config);
    await runTraining(folder, trainedRecipe(folder.config), problem, undefined, { onProgress: () => undefined });
    return { records: readMetrics(folder.files.metrics), checkpoint: readFileSync(folder.files.checkpoint), folder };
  };

  it("has figures at every n-th step and at the last one, and the bits of one that is not", async () => {
    const [plain, seen, other] = [await trained({}), await trained({ observe: 5 }), await trained({ seed: 1 })];
    const observed = seen.records.filter((record) => record.observed !== undefined);
    expect(observed.map(({ step }) => step)).toEqual([5, 10, 12]);
    const figures = observed[0].observed as Observation;
    expect(Object.keys(figures)).toEqual(expect.arrayContaining(["lossSplit", "stopCosine", "trueCosine", "times"]));
    expect(Object.keys(figures.stopCosine ?? {})).toEqual(["target"]);
    const tensors = ({ checkpoint }: typeof plain): Buffer => tensorBytes(checkpoint);
    expect(tensors(seen)).toEqual(tensors(plain));
    expect(tensors(other)).not.toEqual(tensors(plain));
    const lossesOf = ({ records }: typeof plain) =>
      records.filter(({ step }) => step % 2 === 0).map(({ loss }) => loss);
    expect(lossesOf(seen)).toEqual(lossesOf(plain));
  });
});

/** The tensors of a checkpoint: the bytes after its header, whose metadata hold the end of the log. */
const tensorBytes = (file: Buffer): Buffer => file.subarray(8 + Number(file.readBigUInt64LE()));

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseCsv } from "@pushforward/tensor";
import { Judge } from "@pushforward/training";
import { describe, expect, it } from "vitest";
import { fileProblem } from "../src/problems/file.ts";
import { temporaryFolder } from "./run/temporaryFolder.ts";
import { runHere } from "./support/command.ts";

/** Real data next to the repository, where there are any. */
const dataFolder = fileURLToPath(new URL("../../../../shared/data", import.meta.url));

/** A training on a real file, by the command that the guide gives. */
interface Trial {
  readonly file: string;
  readonly columns: string;
  readonly options: readonly string[];
  /** Takes minutes rather than seconds. */
  readonly isLong: boolean;
  /** Energy distance to held-out rows that one step must stay below, as a share of the Gaussian fit's. */
  readonly share: number;
}

const trials: readonly Trial[] = [
  {
    file: "old-faithful.csv",
    columns: "duration,waiting",
    options: ["--steps", "2000", "--teacher-steps", "2000"],
    isLong: false,
    share: 0.5,
  },
  { file: "earthquakes.csv", columns: "longitude,latitude", options: [], isLong: true, share: 0.2 },
  { file: "digits-8x8.csv", columns: "pixel_*", options: [], isLong: true, share: 0.6 },
];

describe("handwritten digits of 28 × 28 pixels", () => {
  const file = (name: string): string => join(dataFolder, "mnist", name);
  const data = file("train-images-idx3-ubyte.gz");
  const labels = file("train-labels-idx1-ubyte.gz");

  it("are pictures of ten classes, which one scale for all pixels keeps near their spread", (context) => {
    if (!existsSync(data)) context.skip("mnist is not in a folder shared/data beside the repository");
    const problem = fileProblem(data, { heldOut: 0.2, seed: 0, labels });
    expect(problem.image).toEqual({ width: 28, height: 28, channels: 1, range: [0, 255] });
    const { names, training, heldOut } = problem.classes!;
    expect(names).toEqual([..."0123456789"]);
    const counts = names.map((_, place) => [...training, ...heldOut].filter((each) => each === place).length);
    expect(Math.min(...counts)).toBeGreaterThan(0.07 * (training.length + heldOut.length));
    const largest = (values: ArrayLike<number>): number =>
      Array.from(values).reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    expect(largest(problem.training.values)).toBeLessThan(3);
    // a pixel of the margin by itself: the scale of tables makes it huge
    const table = fileProblem(data, { heldOut: 0.2, seed: 0, scale: "columns" });
    expect(largest(table.training.values)).toBeGreaterThan(50);
  });
});

describe("the rows to beat on handwritten digits", () => {
  it("have the scores of real digits and of a Gaussian per class", { timeout: 300_000 }, (context) => {
    const file = (name: string): string => join(dataFolder, "mnist", name);
    const data = file("train-images-idx3-ubyte.gz");
    if (!existsSync(data)) context.skip("mnist is not in a folder shared/data beside the repository");
    const labels = file("train-labels-idx1-ubyte.gz");
    const judge = new Judge(fileProblem(data, { heldOut: 0.2, seed: 0, labels, latent: "pca:64" }), "float32");
    const [real, fit, noise] = [judge.trainingPoints(), judge.gaussianFit(), judge.scores((x) => x)];
    expect(real.accuracy).toBeGreaterThan(0.94);
    expect(fit.accuracy).toBeGreaterThan(0.92);
    expect(noise.accuracy).toBeLessThan(0.2);
    expect(real.frechet).toBeLessThan(3.5);
    expect(fit.frechet).toBeGreaterThan(1.5 * real.frechet!);
    expect(fit.frechet).toBeLessThan(7);
    expect(noise.frechet).toBeGreaterThan(10 * fit.frechet!);
    expect(real.precision! - fit.precision!).toBeGreaterThan(0.15);
    expect(fit.recall).toBeGreaterThan(0.8);
    expect(noise.recall).toBeLessThan(0.6);
  });
});

describe("one-step samplers of real data", () => {
  it.for(trials)(
    "beat the Gaussian fit on held-out rows of $file",
    { timeout: 900_000 },
    async ({ file, columns, options, isLong, share }, context) => {
      const data = join(dataFolder, file);
      if (!existsSync(data)) context.skip(`${file} is not in a folder shared/data beside the repository`);
      if (isLong && !process.env.PUSHFORWARD_TRIALS) context.skip("takes minutes; set PUSHFORWARD_TRIALS=1 to run it");
      const run = join(temporaryFolder(), "run");
      const train = [
        "train",
        "consistencyDistillation",
        "--backend",
        "wasm",
        "--data",
        data,
        "--columns",
        columns,
        ...options,
      ];
      const { code, stdout, stderr } = await runHere([...train, "--output", run, "--json"]);
      expect(code, stderr).toBe(0);
      const { results, beatsGaussianFit } = JSON.parse(stdout) as {
        results: { name: string; energyDistance: number }[];
        beatsGaussianFit: Record<string, boolean>;
      };
      const distance = (name: string): number => results.find((row) => row.name === name)!.energyDistance;
      expect(beatsGaussianFit).toEqual({ consistencyDistillation: true });
      expect(distance("consistencyDistillation")).toBeLessThan(share * distance("Gaussian fit"));
      const report = readFileSync(join(run, "report.html"), "utf8");
      expect(report.includes('<img class="pixels"')).toBe(columns === "pixel_*");
      // Samples come back in the units of the file.
      const samples = await runHere(["sample", run, "--count", "500"]);
      const generated = parseCsv(samples.stdout);
      const real = parseCsv(readFileSync(data, "utf8"), { columns: generated.columns });
      const gap = generated.values.mean().sub(real.values.mean()).item();
      expect(Math.abs(gap)).toBeLessThan(0.2 * real.values.std().item());
    },
  );
});

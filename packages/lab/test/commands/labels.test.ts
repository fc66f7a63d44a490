import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseCsv } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../run/temporaryFolder.ts";
import { runHere } from "../support/command.ts";
import { csvOf, written } from "../support/files.ts";
import { idxOf } from "../support/pictures.ts";

/** Pictures of 2 × 2 pixels, light ones of the class 3 and dark ones of the class 7. */
const count = 120;
const isDark = (i: number): boolean => i % 3 === 0;
const pixels = Array.from({ length: 4 * count }, (_, i) => (isDark(Math.floor(i / 4)) ? 200 : 20) + ((7 * i) % 20));
const labels = Array.from({ length: count }, (_, i) => (isDark(i) ? 7 : 3));

const small = ["--steps", "300", "--teacher-steps", "300", "--batch", "64", "--width", "24", "--depth", "2"];

/** Runs a command that must succeed. */
async function run(...args: string[]): Promise<void> {
  const { code, stderr } = await runHere(args);
  expect([code, stderr.includes("Error")]).toEqual([0, false]);
}

describe("a run on pictures with labels", () => {
  it("draws samples of a class, and shows a row for each in its report", async () => {
    const folder = temporaryFolder();
    const data = written(join(folder, "images-idx3-ubyte"), idxOf([count, 2, 2], pixels));
    const labelFile = written(join(folder, "labels-idx1-ubyte"), idxOf([count], labels));
    const output = join(folder, "run");
    await run("train", "meanFlow", "--data", data, "--labels", labelFile, ...small, "--output", output);
    const meanOf = async (...more: string[]): Promise<number> => {
      const samples = join(folder, "samples.csv");
      await run("sample", output, "--count", "200", "--output", samples, ...more);
      return parseCsv(readFileSync(samples)).values.mean().item();
    };
    const [light, dark, all] = [await meanOf("--class", "3"), await meanOf("--class", "7"), await meanOf()];
    expect(light).toBeLessThan(80);
    expect(dark).toBeGreaterThan(150);
    expect(all).toBeGreaterThan(light + 20);
    expect(all).toBeLessThan(dark - 20);
    expect(readFileSync(join(output, "report.html"), "utf8")).toContain("A row for each class: 3, 7.");
    const wrong = await runHere(["sample", output, "--class", "8"]);
    expect(wrong.stderr).toContain('sample: --class must be one of 3, 7, got "8"');
  });

  it("draws samples at a scale of guidance where the network takes it", async () => {
    const folder = temporaryFolder();
    const data = written(join(folder, "images-idx3-ubyte"), idxOf([count, 2, 2], pixels));
    const labelFile = written(join(folder, "labels-idx1-ubyte"), idxOf([count], labels));
    const output = join(folder, "run");
    const named = ["--data", data, "--labels", labelFile, ...small, "--guidance", "2", "--guidance-max", "6"];
    await run("train", "meanFlowGuided", ...named, "--output", output);
    const samplesAt = async (...more: string[]): Promise<Buffer> => {
      const samples = join(folder, "samples.csv");
      await run("sample", output, "--count", "50", "--output", samples, ...more);
      return readFileSync(samples);
    };
    const usual = await samplesAt("--class", "7");
    expect(await samplesAt("--class", "7", "--guidance", "2")).toEqual(usual);
    const strong = await samplesAt("--class", "7", "--guidance", "6");
    const meanOf = (csv: Buffer): number => parseCsv(csv).values.mean().item();
    expect(meanOf(strong)).toBeGreaterThan(meanOf(await samplesAt("--class", "7", "--guidance", "1")) + 5);
    expect(await samplesAt("--guidance", "2")).toEqual(await samplesAt());
    const wrong = await runHere(["sample", output, "--guidance", "7"]);
    expect(wrong.stderr).toContain('sample: --guidance must be a number from 1 to 6, as the run was trained, got "7"');
    const early = await runHere([
      "train",
      "meanFlowGuided",
      ...named,
      "--guidance",
      "9",
      "--output",
      join(folder, "no"),
    ]);
    expect(early.stderr).toContain("must be from 1 to 6, the largest scale that networks take (--guidance-max), got 9");
  });

  it("refuses a class where points have no labels", async () => {
    const folder = temporaryFolder();
    const output = join(folder, "run");
    const data = written(join(folder, "plain.csv"), csvOf(20));
    await run(
      "train",
      "meanFlow",
      "--data",
      data,
      "--steps",
      "2",
      "--teacher-steps",
      "2",
      "--batch",
      "4",
      "--width",
      "4",
      "--output",
      output,
    );
    const wrong = await runHere(["sample", output, "--class", "3"]);
    expect(wrong.stderr).toContain("sample: --class must be left out, since the points of plain.csv have no labels");
    const scaled = await runHere(["sample", output, "--guidance", "3"]);
    expect(scaled.stderr).toContain(
      "sample: --guidance must be left out, since the network of meanFlow takes no scale",
    );
  });
});

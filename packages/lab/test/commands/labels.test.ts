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
  });
});

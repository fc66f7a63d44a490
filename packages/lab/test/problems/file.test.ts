import { join } from "node:path";
import { formatNpy, fromData, key } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { fileProblem } from "../../src/problems/file.ts";
import { temporaryFolder } from "../run/temporaryFolder.ts";
import { csvOf, written } from "../support/files.ts";

const options = { heldOut: 0.25, seed: 0 };
const csv = (text: string): string => written(join(temporaryFolder(), "data.csv"), text);

describe("a file as a problem", () => {
  it("keeps rows back, standardises by the others, and undoes it on output", () => {
    const problem = fileProblem(csv(csvOf(40)), options);
    expect([problem.heldOut.values.length, problem.training.values.length]).toEqual([20, 60]);
    expect(problem.columns).toEqual(["x", "y"]);
    const back = problem.toOriginal(fromData(Float64Array.from(problem.training.values), [30, 2])).dataSync();
    for (const value of back) expect(Math.abs(value - Math.round(value))).toBeLessThan(1e-12);
    expect(problem.sample(key(3), 5, "float32")).toMatchObject({ shape: [5, 2], dtype: "float32" });
  });

  it("reads the same columns from CSV by name, by index, by pattern, and from NPY", () => {
    const text = csv("label,a_1,a_2\n".concat(...Array.from({ length: 12 }, (_, i) => `cat,${i},${(i * 5) % 7}\n`)));
    const byName = fileProblem(text, { ...options, columns: ["a_1", "a_2"] });
    for (const columns of [["1", "2"], ["a_*"], ["a_1..a_2"], ["1..2"]]) {
      expect(fileProblem(text, { ...options, columns }).training).toEqual(byName.training);
    }
    const numbers = Float64Array.from(
      { length: 36 },
      (_, i) => [0, Math.floor(i / 3), (Math.floor(i / 3) * 5) % 7][i % 3],
    );
    const array = written(join(temporaryFolder(), "data.npy"), formatNpy(fromData(numbers, [12, 3])));
    const picked = fileProblem(array, { ...options, columns: ["1..2"] });
    expect(picked.training).toEqual(byName.training);
    expect(picked.columns).toEqual(["1", "2"]);
  });

  it("reads headers with quotes, byte order marks and blank lines before them", () => {
    const text = csv(`\uFEFF\n"last, first","say ""x"""\n${csvOf(10).slice(4)}`);
    expect(fileProblem(text, { ...options, columns: ["last, first"] }).columns).toEqual(["last, first"]);
    expect(fileProblem(text, { ...options, columns: ['say "x"', "0"] }).columns).toEqual(['say "x"', "last, first"]);
  });

  it("learns a single column, constant columns and rows that are all the same", () => {
    expect(fileProblem(csv(csvOf(20)), { ...options, columns: ["x"] }).dim).toBe(1);
    const constant = fileProblem(csv("x,y\n".concat(...Array.from({ length: 20 }, (_, i) => `${i},7\n`))), options);
    expect([...(constant.training.values as Float64Array)].filter((_, i) => i % 2 === 1)).toEqual(
      new Array(15).fill(0),
    );
    expect(() => fileProblem(csv(`x,y\n${"3,4\n".repeat(20)}`), options)).not.toThrow();
  });

  it("knows pictures by the names of their columns", () => {
    const header = "pixel_0_0,pixel_0_1,pixel_1_0,pixel_1_1\n";
    const rows = Array.from({ length: 8 }, (_, i) => `${i},0,${16 - i},3\n`).join("");
    expect(fileProblem(csv(header + rows), options).image).toEqual({ width: 2, height: 2, range: [0, 16] });
    expect(fileProblem(csv(header + rows), { ...options, columns: ["0..2"] }).image).toBeUndefined();
    expect(fileProblem(csv(header + "1,1,1,1\n".repeat(8)), options).image).toBeUndefined();
  });

  it("has a digest by which a changed file is known", () => {
    const path = csv(csvOf(20));
    const { sha256 } = fileProblem(path, options);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(() => fileProblem(path, { ...options, sha256 })).not.toThrow();
    written(path, csvOf(21));
    expect(() => fileProblem(path, { ...options, sha256 })).toThrow(`data: ${path} has changed since the run began`);
  });
});

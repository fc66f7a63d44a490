import { join } from "node:path";
import { formatNpy, fromData, key } from "@pushforward/tensor";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { fileProblem } from "../../src/problems/file.ts";
import { temporaryFolder } from "../run/temporaryFolder.ts";
import { csvOf, npyHeaderOf, npyOf, written } from "../support/files.ts";

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

  it("reads separators, decimal commas and headers of numbers as it is told or finds them", () => {
    const rows = Array.from({ length: 12 }, (_, i) => [i / 4, (i * 5) % 7]);
    const plain = fileProblem(csv("x,y\n".concat(...rows.map(([x, y]) => `${x},${y}\n`))), options);
    const comma = (x: number): string => String(x).replace(".", ",");
    for (const separator of [";", "\t", " "]) {
      const path = csv(`x${separator}y\n`.concat(...rows.map(([x, y]) => `${comma(x)}${separator}${y}\n`)));
      expect(fileProblem(path, options).training).toEqual(plain.training);
      expect(fileProblem(path, { ...options, separator, decimal: "comma", header: "yes" }).training).toEqual(
        plain.training,
      );
    }
    const years = csv("place,2019,2020\n".concat(...rows.map(([x, y]) => `A,${x},${y}\n`)));
    for (const columns of [["2019", "2020"], ["2019..2020"], ["20*"]]) {
      const problem = fileProblem(years, { ...options, columns });
      expect([problem.columns, problem.training]).toEqual([["2019", "2020"], plain.training]);
    }
    expect(() => fileProblem(years, { ...options, columns: ["1..2"] })).toThrow("say --header yes or --header no");
    expect(fileProblem(years, { ...options, columns: ["1..2"], header: "yes" }).training).toEqual(plain.training);
    expect(fileProblem(csv("1,2\n3,4\n".repeat(6)), { ...options, columns: ["*"] }).facts.rows).toBe(
      "9 to train on, 3 held out",
    );
  });

  it("leaves out rows with gaps when it may, and counts them", () => {
    const text = csvOf(20);
    const plain = fileProblem(csv(text), options);
    const gappy = csv(`${text}1,\nNA,2\n3\n`);
    expect(() => fileProblem(gappy, options)).toThrow("or say --missing drop");
    const dropped = fileProblem(gappy, { ...options, missing: "drop" });
    expect(dropped.training).toEqual(plain.training);
    expect(dropped.note).toBe("data.csv: 3 of 23 rows left out, in which a number is missing");
    expect(dropped.facts.rows).toBe("15 to train on, 5 held out; 3 of 23 rows left out, in which a number is missing");
    expect(plain.note).toBeUndefined();
    const numbers = Float64Array.from({ length: 24 }, (_, i) => (i === 5 ? Number.NaN : i * i));
    const array = written(join(temporaryFolder(), "data.npy"), formatNpy(fromData(numbers, [12, 2])));
    expect(() => fileProblem(array, options)).toThrow(
      "row 2, column 1 (counted from 0) must be a finite number, got NaN; remove the row, or say --missing drop",
    );
    expect(fileProblem(array, { ...options, missing: "drop" }).note).toBe(
      "data.npy: 1 of 12 rows left out, in which a number is missing",
    );
    expect(fileProblem(array, { ...options, columns: ["0"] }).note).toBeUndefined();
  });

  it("leaves an index without a name out, says so, and keeps it when it is chosen", () => {
    const rows = Array.from({ length: 12 }, (_, i) => [(i * 7) % 11, i / 4]);
    const plain = fileProblem(csv("x,y\n".concat(...rows.map((row) => `${row.join()}\n`))), options);
    const indexed = (head: string, index: (row: number) => string): string =>
      csv(`${head},x,y\n`.concat(...rows.map((row, i) => `${index(i)},${row.join()}\n`)));
    const indices: readonly (readonly [head: string, index: (row: number) => string])[] = [
      ["", String],
      ['""', (i) => `"${i + 1}"`],
      ["", (i) => String((i * 5) % 12)],
      ["", (i) => `${i}.0`],
      ["Unnamed: 0", String],
    ];
    for (const [head, index] of indices) {
      const { training, columns, facts, note } = fileProblem(indexed(head, index), options);
      expect([columns, training]).toEqual([["x", "y"], plain.training]);
      expect(facts.columns).toBe("x, y; first column left out, an index without a name");
      expect(note).toBe(`data.csv: first column left out, an index without a name; say --columns '*' to keep it`);
    }
    const twice = fileProblem(
      indexed(",Unnamed: 0", (i) => `${i},${i}`),
      options,
    );
    expect([twice.training, twice.note]).toEqual([
      plain.training,
      "data.csv: 2 first columns left out, an index without a name; say --columns '*' to keep it",
    ]);
    expect(fileProblem(indexed("", String), { ...options, columns: ["*"] }).dim).toBe(3);
    for (const path of [
      indexed("id", String),
      indexed("", (i) => String(i + 0.5)),
      csv(csvOf(20).replace("x,y", ",")),
    ]) {
      const { note, facts } = fileProblem(path, { ...options, header: "yes" });
      expect([note, facts.columns.includes("index")]).toEqual([undefined, false]);
    }
  });

  it("reads arrays of one axis, arrays of an .npz file by name, and whole numbers beyond 2^31", () => {
    const folder = temporaryFolder();
    const column = formatNpy(
      fromData(
        Float64Array.from({ length: 12 }, (_, i) => i * i),
        [12],
      ),
    );
    const single = fileProblem(written(join(folder, "one.npy"), column), options);
    expect([single.dim, single.columns]).toEqual([1, ["0"]]);
    const both = written(join(folder, "both.npz"), zipSync({ "a.npy": column, "b.npy": npyOf([12, 2]) }));
    expect(fileProblem(both, { ...options, array: "a" }).training).toEqual(single.training);
    expect(fileProblem(both, { ...options, array: "b" }).dim).toBe(2);
    expect(() => fileProblem(both, options)).toThrow('holds 2 arrays: "a", "b"; choose one with --array');
    expect(() => fileProblem(both, { ...options, array: "c" })).toThrow("--array must be one of a, b, got");
    const alone = written(join(folder, "alone.npz"), zipSync({ "arr_0.npy": column }));
    expect(fileProblem(alone, options).training).toEqual(single.training);

    const ids = Buffer.from(npyHeaderOf("(12, 2)", "<i8", 12 * 16));
    const begin = ids.length - 12 * 16;
    for (let i = 0; i < 12; i++) {
      ids.writeBigInt64LE(2n ** 60n + BigInt(i), begin + 16 * i);
      ids.writeBigInt64LE(2n ** 40n + BigInt(i * i), begin + 16 * i + 8);
    }
    const path = written(join(folder, "ids.npy"), ids);
    const chosen = fileProblem(path, { ...options, columns: ["1"] });
    const [least] = chosen.toOriginal(fromData(Float64Array.from(chosen.training.values), [9, 1])).dataSync();
    expect(least).toBeGreaterThanOrEqual(2 ** 40);
    expect(() => fileProblem(path, options)).toThrow("must hold whole numbers in (−2^53, 2^53)");
  });

  it("refuses too many columns before it reads rows", () => {
    const header = Array.from({ length: 60_000 }, (_, i) => `c${i}`).join(",");
    const path = csv(`${header}\n${"0,".repeat(59_999)}0\n`.concat(`${"oops,".repeat(59_999)}0\n`.repeat(20)));
    for (const columns of [["*"], ["c0..c59999"], undefined]) {
      expect(() => fileProblem(path, { ...options, columns })).toThrow(
        "must have 1 to 4096 columns to learn, got 60000; choose some with --columns",
      );
    }
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
    expect(fileProblem(csv(header + rows), options).image).toEqual({
      width: 2,
      height: 2,
      channels: 1,
      range: [0, 16],
    });
    expect(fileProblem(csv(header + rows), { ...options, columns: ["0..2"] }).image).toBeUndefined();
    expect(fileProblem(csv(header + "1,1,1,1\n".repeat(8)), options).image).toBeUndefined();
  });

  it("scales pixels together and other columns one by one, unless it is told", () => {
    const rows = Array.from({ length: 8 }, (_, i) => `${i},0,${16 - i},3\n`).join("");
    const pixels = csv(`pixel_0_0,pixel_0_1,pixel_1_0,pixel_1_1\n${rows}`);
    const others = csv(`a,b,c,d\n${rows}`);
    const scaled = (path: string, scale?: "columns" | "common" | "range") => fileProblem(path, { ...options, scale });
    expect([scaled(pixels).scaling, scaled(others).scaling]).toEqual(["common", "columns"]);
    expect(scaled(pixels, "columns").training).toEqual(scaled(others).training);
    expect(scaled(others, "common").training).toEqual(scaled(pixels).training);
    expect(scaled(pixels).training).not.toEqual(scaled(others).training);
    for (const scale of ["columns", "common", "range"] as const) {
      const { training, toOriginal } = scaled(pixels, scale);
      const back = toOriginal(fromData(Float64Array.from(training.values), [6, 4])).dataSync();
      for (const value of back) expect(Math.abs(value - Math.round(value))).toBeLessThan(1e-12);
    }
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

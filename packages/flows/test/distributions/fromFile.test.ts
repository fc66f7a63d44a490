import { gather, key, mean, parseCsv, std, type Tensor, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { fromFile } from "../../src/distributions/fromFile.ts";
import { expectValues, valuesOf } from "../expectValues.ts";

const rows = Array.from({ length: 40 }, (_, i) => [i, 100 + (i % 7) ** 2, 3.3, -i * 1e-3]);
const table = tensor(rows);

describe("fromFile", () => {
  it("standardises every column and undoes it", () => {
    const law = fromFile(table);
    expectValues(mean(law.train, 0), [0, 0, 0, 0], 1e-13);
    expectValues(std(law.train, 0), [1, 1, 0, 1], 1e-13);
    expectValues(law.toOriginal(law.train), rows.flat(), 1e-12);
    expectValues(law.toStandard(table), valuesOf(law.train), 1e-15);
  });

  it("keeps a constant column at 0 and gives it back exactly", () => {
    const law = fromFile(table, { columns: ["2"] });
    expect(new Set(valuesOf(law.train))).toEqual(new Set([0]));
    expect(new Set(valuesOf(law.toOriginal(law.sample(key(0), 5))))).toEqual(new Set([3.3]));
    expect(law.scale).toEqual([1]);
  });

  it("chooses columns by name or index, in the order wanted", () => {
    const named = fromFile(table, { names: ["a", "b", "c", "d"], columns: ["d", 0], scaling: "none" });
    expect(named.columns).toEqual(["d", "a"]);
    expectValues(
      named.train,
      rows.flatMap((row) => [row[3], row[0]]),
      0,
    );
  });

  it("splits off held-out rows by key and takes its statistics from the others", () => {
    const law = fromFile(table, { columns: [0], heldOut: 0.25, key: key(3), scaling: "none" });
    expect([law.train.shape, law.test.shape]).toEqual([
      [30, 1],
      [10, 1],
    ]);
    const seen = [...valuesOf(law.train), ...valuesOf(law.test)].sort((a, b) => a - b);
    expect(seen).toEqual(rows.map((row) => row[0]));
    expect(valuesOf(law.test)).not.toEqual(rows.slice(0, 10).map((row) => row[0]));
    expect(valuesOf(fromFile(table, { columns: [0], heldOut: 0.25, key: key(3), scaling: "none" }).test)).toEqual(
      valuesOf(law.test),
    );
    const scaled = fromFile(table, { columns: [0], heldOut: 0.25, key: key(3) });
    expectValues(mean(scaled.train), [0], 1e-13);
    expect(Math.abs(mean(scaled.test).item())).toBeGreaterThan(1e-3);
  });

  it("draws training rows with replacement", () => {
    const law = fromFile(table, { columns: [0], heldOut: 0.25, key: key(3), scaling: "none" });
    const drawn = valuesOf(law.sample(key(9), 3000));
    const train = new Set(valuesOf(law.train));
    expect(drawn.every((value) => train.has(value))).toBe(true);
    expect(new Set(drawn).size).toBe(30);
    expect(law.sample(key(9), 2, { dtype: "float32" }).dtype).toBe("float32");
  });

  it("says which rows of the file it split and drew", () => {
    const law = fromFile(table, { heldOut: 0.25, key: key(3), scaling: "none" });
    const first = (x: Tensor): number[] => valuesOf(x).filter((_, i) => i % 4 === 0);
    expect([...law.trainPlaces.dataSync()]).toEqual(first(law.train));
    expect([...law.testPlaces.dataSync()]).toEqual(first(law.test));
    const places = gather(law.trainPlaces, law.drawPlaces(key(9), 50));
    expect([...places.dataSync()]).toEqual(first(law.sample(key(9), 50)));
    expect([...fromFile(table).trainPlaces.dataSync()]).toEqual(rows.map((_, i) => i));
  });

  it("refuses a scaling that does not exist", () => {
    expect(() => fromFile(table, { scaling: "column" as "columns" })).toThrow(
      "fromFile: scaling must be one of columns, common, range, none",
    );
  });

  it("takes a parsed CSV, a vector, and whole numbers", () => {
    const { columns, values } = parseCsv("lon,lat\n1,2\n3,5\n-1,0\n");
    const law = fromFile(values, { names: columns, columns: ["lat"], dtype: "float32" });
    expect([law.columns, law.train.dtype, law.dim]).toEqual([["lat"], "float32", 1]);
    expect(fromFile(tensor([1, 2, 4], { dtype: "int32" })).train.shape).toEqual([3, 1]);
  });

  it("says what is wrong and where", () => {
    expect(() => fromFile(tensor([[1, 2]]))).toThrow(/at least two rows must be left for training, got 1 of 1/);
    expect(() => fromFile(table, { columns: ["x"] })).toThrow(
      'fromFile must have the column "x", got only "0", "1", "2", "3"',
    );
    expect(() => fromFile(table, { columns: [4] })).toThrow('must have the column "4"');
    const twice = ["a", "b", "a", "c"];
    expect(() => fromFile(table, { names: twice, columns: ["a"] })).toThrow('must have one column "a", got several');
    expect(fromFile(table, { names: twice, columns: [2] }).columns).toEqual(["a"]);
    expect(() => fromFile(table, { columns: [] })).toThrow(/at least one column/);
    expect(() => fromFile(table, { names: ["a"] })).toThrow(/names must name 4 columns, got 1/);
    expect(() =>
      fromFile(
        tensor([
          [1, 2],
          [3, Number.NaN],
        ]),
      ),
    ).toThrow(/got NaN at row 1, column "1"/);
    expect(() => fromFile(table, { heldOut: 0.5 })).toThrow(/needs a key/);
    expect(() => fromFile(table, { heldOut: 1, key: key(0) })).toThrow(/\[0, 1\), got 1/);
    expect(() => fromFile(tensor([[[1]]]))).toThrow(/\[rows, columns\] or \[rows\], got \[1, 1, 1\]/);
    expect(() => fromFile(table).toOriginal(tensor([[1]]))).toThrow(/fromFile.toOriginal: x must be \[batch, 4\]/);
  });
});

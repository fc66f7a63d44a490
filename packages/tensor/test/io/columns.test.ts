import { describe, expect, it } from "vitest";
import { describeColumns, placeOfColumn, placesOfColumns } from "../../src/io/columns.ts";

describe("describeColumns", () => {
  it("lists a few names and counts many", () => {
    expect(describeColumns(["a", "b"])).toBe('"a", "b"');
    const many = Array.from({ length: 100 }, (_, i) => `c${i}`);
    expect(describeColumns(many)).toMatch(/^"c0", .*"c11", … \(100 in all\)$/);
    expect(describeColumns(["n".repeat(99)])).toBe(`"${"n".repeat(40)}…"`);
  });
});

describe("placeOfColumn", () => {
  it("takes a text as a name first, then as an index, and a number as an index", () => {
    expect(placeOfColumn("b", ["a", "b"], "t")).toBe(1);
    expect(placeOfColumn("1", ["1", "b"], "t")).toBe(0);
    expect(placeOfColumn("1", ["a", "b"], "t")).toBe(1);
    expect(placeOfColumn(1, ["1", "b"], "t")).toBe(1);
    for (const none of ["c", "2", "-1", "1.0", 2, -1, 0.5])
      expect(placeOfColumn(none, ["a", "b"], "t")).toBeUndefined();
  });

  it("refuses a name that several columns have", () => {
    expect(() => placesOfColumns(["a"], ["a", "b", "a"], "t")).toThrow('t must have one column "a", got several');
    expect(placesOfColumns([2, 0], ["a", "b", "a"], "t")).toEqual([2, 0]);
  });

  it("suggests a name that is close", () => {
    expect(() => placesOfColumns(["widht"], ["width", "height"], "t")).toThrow(
      'got only "width", "height"; did you mean width?',
    );
  });
});

import { describe, expect, it } from "vitest";
import { chooseColumns, columnsOption } from "../../src/problems/columns.ts";

const names = ["id", "pixel_0", "pixel_1", "pixel_2", "10", "a..b", "x*"];
const choose = (...choices: string[]): number[] => chooseColumns("f.csv", names, choices);

describe("chooseColumns", () => {
  it("takes names and indices in the order wanted", () => {
    expect(choose("pixel_2", "id")).toEqual([3, 0]);
    expect(choose("3", "0")).toEqual([3, 0]);
  });

  it("takes patterns and ranges in the order of the file", () => {
    expect(choose("pixel_*")).toEqual([1, 2, 3]);
    expect(choose("*_1", "pix*2")).toEqual([2, 3]);
    expect(choose("pixel_0..pixel_2")).toEqual([1, 2, 3]);
    expect(choose("0..2")).toEqual([0, 1, 2]);
    expect(choose("id..1")).toEqual([0, 1]);
  });

  it("prefers a name that looks like something else", () => {
    expect(choose("10")).toEqual([4]);
    expect(choose("a..b")).toEqual([5]);
    expect(choose("x*")).toEqual([6]);
  });

  it("takes the letters of a pattern as they are", () => {
    expect(() => choose("pixel.*")).toThrow('f.csv has no column "pixel.*"; there are "id", "pixel_0", ');
    expect(chooseColumns("f.csv", ["a+b", "aab"], ["a+*"])).toEqual([0]);
  });

  it("chooses among 60,000 columns at once, by list or by pattern", () => {
    const many = Array.from({ length: 60_000 }, (_, i) => `c${i}`);
    const places = many.map((_, i) => i);
    expect(chooseColumns("f.csv", many, ["*"])).toEqual(places);
    expect(chooseColumns("f.csv", many, ["c*"])).toEqual(places);
    expect(() => chooseColumns("f.csv", ["a".repeat(50_000)], [`${"*a".repeat(20_000)}b`])).toThrow("has no column");
  });

  it("names what does not fit", () => {
    for (const bad of ["7", "pixel_9", "pixel_0..pixel_9", "q*", "-1", "1.5"]) {
      expect(() => choose(bad), bad).toThrow(`data: f.csv has no column "${bad}"`);
    }
    expect(() => choose("pixel_2..pixel_0")).toThrow('"pixel_2..pixel_0" must stand in the file\'s order');
    expect(() => choose("pixel_*", "pixel_1")).toThrow('column "pixel_1" is chosen twice');
    expect(() => chooseColumns("f.csv", ["a", "a"], ["a"])).toThrow('must have one column "a", got several');
    expect(chooseColumns("f.csv", ["a", "a"], ["1"])).toEqual([1]);
    expect(() => choose("pixle_1")).toThrow("did you mean pixel_1?");
  });
});

describe("columnsOption", () => {
  it("writes what a command takes: names, neighbours as ranges, indices for what a list cannot hold", () => {
    const given = ["a", "b", "x,y", "c", "d", "e", "f", "g g", ""];
    const typed = (...places: number[]): string => columnsOption(places, given).replace("--columns ", "");
    expect(typed(0, 1)).toBe("a,b");
    expect(typed(3, 4, 5, 6)).toBe("c..f");
    expect(typed(2, 0, 7, 8)).toBe("2,a,7,8");
    for (const places of [
      [0, 1],
      [3, 4, 5, 6],
      [2, 0, 7, 8],
    ]) {
      expect(chooseColumns("f.csv", given, typed(...places).split(","))).toEqual(places);
    }
  });
});

import { describe, expect, it } from "vitest";
import { tensor } from "../../src/array/creation.ts";
import { DomainError } from "../../src/array/errors.ts";
import { formatCsv, parseCsv } from "../../src/io/csv.ts";
import type { CsvOptions } from "../../src/io/csvOptions.ts";

/** A text, how it is read, and what must come: names and rows, or a part of the message. */
type Case = readonly [
  what: string,
  text: string,
  options: CsvOptions,
  right:
    | { readonly names: readonly string[]; readonly rows: readonly (readonly number[])[]; readonly dropped?: number }
    | string,
];

const place = "place,2019,2020\nA,1,2\nB,3,4\n";
const undecided = "may name the columns or hold data";
const counted = (rows: readonly (readonly number[])[]) => ({ names: rows[0]!.map((_, i) => String(i)), rows });
const xy = (...rows: (readonly number[])[]) => ({ names: ["x", "y"], rows });

const headers: readonly Case[] = [
  [
    "the unnamed index of pandas",
    ",x,y,z\n0,10,20,30\n1,11,21,31",
    { columns: ["y", "z"] },
    {
      names: ["y", "z"],
      rows: [
        [20, 30],
        [21, 31],
      ],
    },
  ],
  ["a quoted name with a line end", '"a\nb",y\n1,2\n3,4\n', { columns: ["y"] }, { names: ["y"], rows: [[2], [4]] }],
  ["a quoted name with CRLF", '"a\r\nb",y\r\n1,2\r\n', { columns: ["a\r\nb"] }, { names: ["a\r\nb"], rows: [[1]] }],
  ["a quoted name with a separator", '"a,b",y\n1,2\n', { columns: ["a,b"] }, { names: ["a,b"], rows: [[1]] }],
  [
    "years that are asked for",
    place,
    { columns: ["2019", "2020"] },
    {
      names: ["2019", "2020"],
      rows: [
        [1, 2],
        [3, 4],
      ],
    },
  ],
  [
    "years in the order asked for",
    place,
    { columns: ["2020", 1] },
    {
      names: ["2020", "2019"],
      rows: [
        [2, 1],
        [4, 3],
      ],
    },
  ],
  ["years beside text above text, chosen by index", place, { columns: [1, 2] }, undecided],
  [
    "the same with header: true",
    place,
    { columns: [1, 2], header: true },
    {
      names: ["2019", "2020"],
      rows: [
        [1, 2],
        [3, 4],
      ],
    },
  ],
  ["the same with header: false", place, { columns: [1], header: false }, { names: ["1"], rows: [[2019], [1], [3]] }],
  [
    "years beside text above numbers",
    "id,2019\n7,1\n8,2\n",
    {},
    {
      names: ["id", "2019"],
      rows: [
        [7, 1],
        [8, 2],
      ],
    },
  ],
  ["years alone", "2019,2020\n1,2\n3,4\n", {}, undecided],
  ["one year alone", "2019\n1.5\n2.5\n", {}, undecided],
  [
    "years alone, one of which is asked for",
    "2019,2020\n1,2\n",
    { columns: ["2020"] },
    { names: ["2020"], rows: [[2]] },
  ],
  [
    "years above years",
    "1950,2010\n1960,2020\n",
    {},
    counted([
      [1950, 2010],
      [1960, 2020],
    ]),
  ],
  [
    "counting names above fractions",
    "0,1,2\n0.5,0.25,3e-1\n",
    {},
    { names: ["0", "1", "2"], rows: [[0.5, 0.25, 0.3]] },
  ],
  ["counting names above whole numbers", "0,1,2\n3,4,5\n", {}, undecided],
  ["counting names from 1 above fractions", "1,2,3\n.5,.25,.3\n", {}, undecided],
  ["an index above counting names", ",0,1\n0,5,6\n1,7,8\n", { columns: ["1"] }, { names: ["1"], rows: [[6], [8]] }],
  ["numbers in quotes above numbers without", '"10","20"\n1,2\n', {}, { names: ["10", "20"], rows: [[1, 2]] }],
  [
    "numbers in quotes everywhere",
    '"10","20"\n"1","2"\n',
    {},
    counted([
      [10, 20],
      [1, 2],
    ]),
  ],
  [
    "fractions and text above text",
    "5.1,3.5,setosa\n4.9,3,virginica\n",
    { columns: [1] },
    { names: ["1"], rows: [[3.5], [3]] },
  ],
  ["text that a row below repeats", "5,3,setosa\n4,3,setosa\n", { columns: [0] }, { names: ["0"], rows: [[5], [4]] }],
  ["text beside numbers above text alone", "A,1,2\nB,3,4\n", { columns: [1] }, undecided],
  ["text above numbers, with a fraction beside it", "id,0.5\n1,2\n", {}, undecided],
  ["whole numbers above fractions in every column", "10,20,30\n1.5,2.5,3.5\n4.5,5.5,6.5\n", {}, undecided],
  ["whole numbers above fractions, also below 0 and with gaps", "-1,0,1\n.5,,3e-1\n,2.5,7\n", {}, undecided],
  [
    "whole numbers above fractions, with header: true",
    "10,20\n1.5,2.5\n",
    { header: true },
    { names: ["10", "20"], rows: [[1.5, 2.5]] },
  ],
  [
    "whole numbers above fractions, one of which is asked for by name",
    "10,20\n1.5,2.5\n",
    { columns: ["20"] },
    { names: ["20"], rows: [[2.5]] },
  ],
  [
    "whole numbers above fractions in some columns",
    "10,20\n1.5,2\n",
    {},
    counted([
      [10, 20],
      [1.5, 2],
    ]),
  ],
  ["a whole number above fractions in one column", "10\n1.5\n2.5\n", {}, counted([[10], [1.5], [2.5]])],
  [
    "whole numbers that come back below",
    "10,20\n1.5,20.0\n10,2.5\n",
    {},
    counted([
      [10, 20],
      [1.5, 20],
      [10, 2.5],
    ]),
  ],
  [
    "the same whole number twice, as no names are",
    "1,1\n1.5,2.5\n",
    {},
    counted([
      [1, 1],
      [1.5, 2.5],
    ]),
  ],
  ["a line with # above numbers", "# x y\n1.5 2.5\n", {}, xy([1.5, 2.5])],
  ["a line with # and commas", "#x,y\n1.5,2.5\n", { columns: ["y"] }, { names: ["y"], rows: [[2.5]] }],
  ["a line with # by its name with the sign", "#x,y\n1.5,2.5\n", { columns: ["#x"] }, { names: ["#x"], rows: [[1.5]] }],
  ["the last of several lines with #", "# made in May\n# x;y\n1,5;2,5\n", {}, xy([1.5, 2.5])],
  ["a line with # that holds no names", "# made in May, by us, here\n1,2\n", {}, counted([[1, 2]])],
  ["a line with # above names", "# by us, here\nx,y\n1,2\n", {}, xy([1, 2])],
  ["a line with # and numbers as names", "# 10 20\n1 2\n", {}, { names: ["10", "20"], rows: [[1, 2]] }],
  ["a line with #, and header: false", "# x y\n1 2\n", { header: false }, counted([[1, 2]])],
  ["a line with #, and header: true", "# x y\n1 2\n", { header: true }, xy([1, 2])],
  ["a line with # alone", "# x y\n", {}, "got only lines that begin with #"],
  ["lines counted below lines with #", "# a\n# x,y\n1,2\n3,b\n", {}, 'row 4, column "y"'],
  ["a first cell that holds an error of a spreadsheet", "#N/A,2\n3,4\n", {}, 'row 1, column "0" must be'],
  ["names alone that end in numbers", "x 1,x 2\n", {}, 'got only a header: "x 1", "x 2"'],
  ["names alone that end in numbers, between semicolons", "x 1;x 2\n", {}, 'got only a header: "x 1", "x 2"'],
  ["names alone between tabs", "x 1\tx 2\n", {}, 'got only a header: "x 1", "x 2"'],
  ["a lone row of numbers", "1 2.5 3\n", {}, counted([[1, 2.5, 3]])],
  [
    "plain numbers",
    "1,2\n3,4\n",
    {},
    counted([
      [1, 2],
      [3, 4],
    ]),
  ],
  [
    "names that are empty or the same, by index",
    "a,,a\n1,2,3\n",
    { columns: [1, 2] },
    { names: ["", "a"], rows: [[2, 3]] },
  ],
  ["names alone", "2019,place\n", { header: true }, 'got only a header: "2019", "place"'],
];

const separators: readonly Case[] = [
  ["semicolons and decimal commas", "x;y\n1,5;2,5\n3;4,25\n", {}, xy([1.5, 2.5], [3, 4.25])],
  [
    "semicolons and decimal commas without names",
    "1,5;2,5\n3;4,25\n",
    {},
    counted([
      [1.5, 2.5],
      [3, 4.25],
    ]),
  ],
  ["semicolons and decimal points", "x;y\n1.5;2\n", {}, xy([1.5, 2])],
  ["tabs and decimal commas", "x\ty\n1,5\t2,5\n", {}, xy([1.5, 2.5])],
  [
    "tabs beside text with spaces",
    "place\ty\nNew York\t2\nLos Angeles\t3\n",
    { columns: ["y"] },
    { names: ["y"], rows: [[2], [3]] },
  ],
  ["spaces", "x y\n1.5 2\n", {}, xy([1.5, 2])],
  ["runs of spaces, also before and after", "  x    y  \n  1.5   2\n 3 4  ", {}, xy([1.5, 2], [3, 4])],
  ["spaces with quoted names", '"x y" z\n1 2\n', {}, { names: ["x y", "z"], rows: [[1, 2]] }],
  ["spaces and decimal commas", "x y\n1,5 2,5\n", {}, xy([1.5, 2.5])],
  ["commas and spaces", "x, y\n1, 2\n", {}, xy([1, 2])],
  ["commas and quoted cells after spaces", 'x, "y"\n1, "2"\n', {}, xy([1, 2])],
  ["pipes", "x|y\n1|2\n", {}, xy([1, 2])],
  ["another character", "x:y\n1:2\n", { separator: ":" }, xy([1, 2])],
  ["a declared separator", "sep=;\nx;y\n1;2,5\n", {}, xy([1, 2.5])],
  ["a declared separator after a byte order mark, with CRLF", "\ufeffsep=;\r\nx;y\r\n1;2\r\n", {}, xy([1, 2])],
  ["lines after a declared separator", "sep=;\nx;y\n1;b\n", {}, 'row 3, column "y"'],
  [
    "a given separator against the text",
    "x,y\n1,2\n",
    { separator: ";" },
    "comma separates every row into 2; change the separator",
  ],
  ["decimal commas in one column", "x\n1,5\n2,5\n", {}, "row 2 must have 1 cell like the first row, got 2"],
  [
    "decimal commas in one column, by its options",
    "x\n1,5\n2,5\n",
    { separator: "semicolon" },
    { names: ["x"], rows: [[1.5], [2.5]] },
  ],
  [
    "an unknown separator",
    "x\n1\n",
    { separator: "ab" },
    'separator must be comma, semicolon, tab, pipe, space or one character that is no part of a number, got "ab"',
  ],
  ["a separator that numbers need", "x\n1\n", { separator: "." }, 'no part of a number, got "."'],
  ["separators at the ends of lines", "x,y,\n1,2,\n3,4,\n", {}, xy([1, 2], [3, 4])],
  ["separators at the ends of some lines", "x,y\n1,2,\n3,4\n", {}, xy([1, 2], [3, 4])],
  ["an unnamed last column", "x,y,\n1,2,3\n", { columns: [2] }, { names: [""], rows: [[3]] }],
  [
    "row names of R",
    '"x" "y"\n"1" 0.5 0.6\n',
    {},
    "row 2 must have 2 cells like the first row, got 3; if rows begin with a name of their own, give that column a name",
  ],
  ["rows of empty cells at both ends", ";\nx;y\n1;2\n;\n;\n", {}, xy([1, 2])],
  ["a declared separator in quotes", '"sep=;"\r\nx;y\r\n1;2\r\n', {}, xy([1, 2])],
  [
    "a title above",
    "Heights of us\nx,y\n1,2\n",
    {},
    'got 2; if its comma is a decimal mark, say separator: "semicolon"; if the first row is a title, remove it',
  ],
  [
    "a title in a row of its own width",
    "Heights,\nx,y\n1,2\n",
    {},
    "no cell of the row is a number; remove the row if it is a title, a unit",
  ],
  [
    "units below the names",
    "x,y\nm,s\n1,2\n",
    {},
    'got "m"; no cell of the row is a number; remove the row if it is a title, a unit',
  ],
  ["a remark below", "x,y\n1,2\n# end\n", {}, "got 1; remove the row if it is a remark"],
  [
    "a column without name and numbers",
    ",x,y\n,1,2\n,3,4\n",
    {},
    'got ""; choose other columns; numbers alone are in columns: ["x", "y"]',
  ],
  ["an index beside text", ",x,kind\n0,1,a\n1,2,b\n", {}, 'numbers alone are in columns: ["x"]'],
  ["old line ends of a Mac", "x,y\r1,2\r3,4\r", {}, xy([1, 2], [3, 4])],
];

const numbers: readonly Case[] = [
  ["every form", "1e5,+3,.5,-2.,1E-3,007\n", {}, counted([[1e5, 3, 0.5, -2, 1e-3, 7]])],
  ["numbers in quotes", 'a,b\n"1","-2.5"\n', {}, { names: ["a", "b"], rows: [[1, -2.5]] }],
  ["underscores", "x,y\n1_000,2\n", {}, 'got "1_000"; write numbers without separators of thousands'],
  ["thousands by spaces", "x,y\n1 000,2\n", {}, 'got "1 000"; write numbers without separators of thousands'],
  [
    "thousands by commas in quotes",
    'x,y\n"1,234",2\n',
    {},
    'got "1,234"; write numbers without separators of thousands',
  ],
  ["thousands by commas, twice", "x;y\n1,234,567;2\n", {}, "without separators of thousands"],
  ["thousands by points and a decimal comma", "x;y\n1.000,5;2\n", {}, "without separators of thousands"],
  [
    "commas that may be either",
    "x;y\n1,234;5,678\n",
    {},
    'must have a clear decimal mark, got "1,234", which may mean thousands',
  ],
  ["the same with decimal: comma", "x;y\n1,234;5,678\n", { decimal: "comma" }, xy([1.234, 5.678])],
  ["commas of which one is decimal", "x;y\n1,234;0,678\n", {}, xy([1.234, 0.678])],
  [
    "points that separate thousands, beside smaller whole numbers",
    "x;y\n1.234;2\n987;3\n",
    {},
    'column "x" must have a clear decimal mark, got "1.234", which may mean thousands; write no thousands, or say decimal: "point"',
  ],
  ["the same with decimal: point", "x;y\n1.234;2\n987;3\n", { decimal: "point" }, xy([1.234, 2], [987, 3])],
  ["three digits after every point of a column", "x;y\n1.234;2\n9.870;3\n", {}, xy([1.234, 2], [9.87, 3])],
  ["three digits after some points of a column", "x;y\n1.234;2\n9.8;3\n4;5\n", {}, xy([1.234, 2], [9.8, 3], [4, 5])],
  ["both marks", "x;y\n1.5;5,6\n", {}, '"1.5" but row 2, column "y" is "5,6"; use one decimal mark'],
  ["a decimal comma between commas", 'x,y\n"1,5",2\n', {}, 'say decimal: "comma"'],
  ["the same with decimal: comma", 'x,y\n"1,5",2\n', { decimal: "comma" }, xy([1.5, 2])],
  ["hexadecimal, binary and signs apart", "x\n1\n0x10\n", {}, 'got "0x10"'],
  ["percent", "x\n1\n5%\n", {}, 'got "5%"'],
];

const gaps: readonly Case[] = [
  [
    "gaps that are refused",
    "x,y\n1,2\n3,\n",
    {},
    'row 3, column "y" must be a finite number, got ""; fill it in or remove the row, or say missing: "drop"',
  ],
  [
    "gaps that are dropped, however they are written",
    `x,y\n1,2\n${["", "NA", "NaN", "null", "None", "N/A", "<NA>", "#N/A", "?", "nan", "missing", "\\N", ".", "-", "#DIV/0!", "-1.#IND", "-nan(ind)"].map((gap) => `3,${gap}\n`).join("")}4,5\n`,
    { missing: "drop" },
    { ...xy([1, 2], [4, 5]), dropped: 17 },
  ],
  [
    "a row of gaps between others",
    "x,y\n1,2\n,\n3,4\n",
    {},
    'row 3, column "x" must be a finite number, got ""; fill it in',
  ],
  ["a gap in quotes in a single column", 'x\n1\n""\n2\n', {}, 'row 3, column "x" must be a finite number, got ""'],
  [
    "a gap in quotes in a single column, dropped",
    'x\n1\n""\n\n2\n',
    { missing: "drop" },
    { names: ["x"], rows: [[1], [2]], dropped: 1 },
  ],
  ["short rows that are dropped", "x,y\n1,2\n3\n4,5\n", { missing: "drop" }, { ...xy([1, 2], [4, 5]), dropped: 1 }],
  [
    "gaps in columns not chosen",
    "x,y\n1,\n3,4\n",
    { columns: ["x"], missing: "drop" },
    { names: ["x"], rows: [[1], [3]] },
  ],
  ["text, which is never dropped", "x,y\n1,2\n3,oops\n", { missing: "drop" }, 'got "oops"'],
  [
    "infinities, which are never dropped",
    "x,y\n1,2\n3,inf\n",
    { missing: "drop" },
    'got "inf"; mend it or remove the row',
  ],
  [
    "long rows, which are never dropped",
    "x,y\n1,2\n3,4,5\n",
    { missing: "drop" },
    "row 3 must have 2 cells like the first row, got 3",
  ],
  ["gaps in every row", "x,y\n1,\n,2\n", { missing: "drop" }, "a number is missing in each of the 2"],
];

const kinds = {
  "finds the names": headers,
  "finds what separates cells": separators,
  "reads numbers": numbers,
  "minds gaps": gaps,
};

for (const [kind, cases] of Object.entries(kinds)) {
  describe(`parseCsv ${kind}`, () => {
    it.each(cases)("%s", (_what, text, options, right) => {
      const read = () => parseCsv(text, options);
      if (typeof right === "string") {
        expect(read).toThrow(DomainError);
        expect(read).toThrow(right);
        return;
      }
      const { columns, values, droppedRows } = read();
      expect({ names: columns, rows: values.toArray(), dropped: droppedRows }).toEqual({ dropped: 0, ...right });
    });
  });
}

describe("parseCsv on what is no text in UTF-8", () => {
  const utf16 = (text: string, isBig: boolean): Uint8Array =>
    Uint8Array.from([...text].flatMap((c) => (isBig ? [0, c.charCodeAt(0)] : [c.charCodeAt(0), 0])));
  const wrong: readonly (readonly [string, Uint8Array | string, string])[] = [
    [
      "UTF-16, little endian",
      Uint8Array.of(0xff, 0xfe, ...utf16("x,y\n1,2\n", false)),
      "it is text in UTF-16; save it as UTF-8",
    ],
    ["UTF-16, big endian", Uint8Array.of(0xfe, 0xff, ...utf16("x,y\n1,2\n", true)), "it is text in UTF-16"],
    ["UTF-16 without a mark", utf16("x,y\n1,2\n", false), "it is text in UTF-16"],
    [
      "UTF-16 read as UTF-8",
      new TextDecoder().decode(Uint8Array.of(0xff, 0xfe, ...utf16("x,y\n1,2\n", false))),
      "UTF-16",
    ],
    ["UTF-32", Uint8Array.of(0xff, 0xfe, 0, 0, 0x31, 0, 0, 0), "UTF-32"],
    ["gzip", Uint8Array.of(0x1f, 0x8b, 8, 0), "it is gzip; unpack it with gunzip first"],
    ["a workbook", new TextEncoder().encode("PK\x03\x04…"), "it is a zip archive (.npz, .xlsx or .zip)"],
    ["a NumPy array", Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0), "it is a NumPy array; call it .npy"],
    ["zero bytes", new TextEncoder().encode("x,y\n1,\0\n"), "it has zero bytes in it"],
  ];
  it.each(wrong)("names %s", (_what, input, message) => {
    expect(() => parseCsv(input)).toThrow(DomainError);
    expect(() => parseCsv(input)).toThrow(message);
  });

  it("reads names in windows-1252, as older programs write them", () => {
    const bytes = Uint8Array.from("größe,y\n1,2\n", (c) => c.charCodeAt(0));
    expect(parseCsv(bytes).columns).toEqual(["größe", "y"]);
    expect(parseCsv(new TextEncoder().encode("größe,y\n1,2\n")).columns).toEqual(["größe", "y"]);
  });
});

describe("parseCsv on long input", () => {
  /** Texts that made a reader slow, by their length. */
  const long: Readonly<Record<string, (length: number) => string>> = {
    "spaces in the first line": (n) => " ".repeat(n),
    "spaces before numbers": (n) => `${" ".repeat(n)}\n1,2\n3,4\n`,
    quotes: (n) => '"'.repeat(n),
    "an open quote": (n) => `"${"1,2\n".repeat(n / 4)}`,
    commas: (n) => ",".repeat(n),
    digits: (n) => "1".repeat(n),
    "a number and letters": (n) => `x\n${"1".repeat(n)}e\n`,
    "groups of digits": (n) => `x\n${"1,234".repeat(n / 5)}x\n`,
  };
  it.each(Object.entries(long))("takes linear time for %s", (_what, make) => {
    const time = (length: number): number => {
      const text = make(length);
      const begin = performance.now();
      try {
        parseCsv(text);
      } catch (error) {
        expect(error).toBeInstanceOf(DomainError);
        expect((error as Error).message.length).toBeLessThan(1000);
      }
      return performance.now() - begin;
    };
    time(4_000);
    const [short, longer] = [Math.min(time(40_000), time(40_000)), time(640_000)];
    // 16 times the length; a quadratic reader takes 256 times as long
    expect(longer).toBeLessThan(100 * Math.max(short, 5));
  });

  it("shortens names of a header of 200,000", () => {
    const header = Array.from({ length: 200_000 }, (_, i) => `column${i}`).join(",");
    let message = "";
    try {
      parseCsv(`${header}\n`);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toMatch(/got only a header: "column0", .* \(200000 in all\)$/);
    expect(message.length).toBeLessThan(500);
  });

  it("asks which columns are wanted before it reads the rows", () => {
    const chosen = () =>
      parseCsv("x,y\n1,2\n3,oops\n", {
        columns: () => {
          throw new DomainError("too many");
        },
      });
    expect(chosen).toThrow("too many");
  });
});

describe("parseCsv reads what formatCsv writes of whole numbers above others", () => {
  it.each([
    [
      [0, 1],
      [0.5, 0.25],
    ],
    [
      [10, 20],
      [1.5, 2.5],
    ],
    [
      [-1, -0],
      [1.5, 2.5],
    ],
    [
      [0, 1],
      [2, 3],
    ],
    [[2019], [1]],
  ])("%j, %j", (...rows) => {
    expect(parseCsv(formatCsv(tensor(rows))).values.toArray()).toEqual(rows);
  });
});

describe("parseCsv reads what formatCsv writes under names that look like something else", () => {
  it.each([
    ["2019", "2020"],
    ["1", "2"],
    ["0", "1"],
    ["NA", "5"],
    ["sep=;", "a;b"],
    ["a\tb", "c"],
  ])("%s, %s", (...names) => {
    const x = tensor([
      [1, 2.5],
      [3, 4.5],
    ]);
    const { columns, values } = parseCsv(formatCsv(x, names));
    expect([columns, values.toArray()]).toEqual([names, x.toArray()]);
  });
});

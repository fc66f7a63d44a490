import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tensor } from "../../src/array/creation.ts";
import { DomainError, ShapeError } from "../../src/array/errors.ts";
import { fromData } from "../../src/array/tensor.ts";
import { formatCsv, parseCsv } from "../../src/io/csv.ts";
import type { CsvOptions } from "../../src/io/csvOptions.ts";
import { expectSame, onlyDomainErrors } from "./tensors.ts";

const geyser = "duration,waiting,kind\n3.6,79,long\n1.8,54,short\n";
const read = (text: string, options: CsvOptions = {}) => {
  const { columns, values } = parseCsv(text, options);
  return { columns, rows: values.toArray() };
};

describe("parseCsv", () => {
  it("takes a first row of text as names", () => {
    expect(read("x,y\n1,2\n3,4\n")).toEqual({
      columns: ["x", "y"],
      rows: [
        [1, 2],
        [3, 4],
      ],
    });
  });

  it("counts the columns from 0 where no row names them", () => {
    expect(read("1,2\n3,4")).toEqual({
      columns: ["0", "1"],
      rows: [
        [1, 2],
        [3, 4],
      ],
    });
  });

  it("returns float64 of shape [rows, columns]", () => {
    const { values } = parseCsv("1\n2\n3\n");
    expect(values.dtype).toBe("float64");
    expect(values.shape).toEqual([3, 1]);
  });

  it("reads the chosen columns in the order asked for, and leaves text elsewhere alone", () => {
    expect(read(geyser, { columns: ["waiting", "duration"] })).toEqual({
      columns: ["waiting", "duration"],
      rows: [
        [79, 3.6],
        [54, 1.8],
      ],
    });
    expect(read(geyser, { columns: [0] })).toEqual({ columns: ["duration"], rows: [[3.6], [1.8]] });
    expect(read(geyser, { columns: ["1"] }).columns).toEqual(["waiting"]);
    expect(read("5.1,3.5,setosa\n4.9,3,setosa\n", { columns: [1] }).rows).toEqual([[3.5], [3]]);
  });

  it("lets a name win over an index", () => {
    expect(read("a,0\n1,2\n", { columns: ["0"], header: true }).rows).toEqual([[2]]);
  });

  it("takes a first row with numbers in it as names when one of its texts is asked for, or on demand", () => {
    expect(read("id,2019\n7,1\n", { columns: ["id"] }).rows).toEqual([[7]]);
    expect(read("2019,2020\n1,2\n", { header: true })).toEqual({ columns: ["2019", "2020"], rows: [[1, 2]] });
  });

  it("reads byte order marks, quotes, either line end, blank lines and spaces around cells", () => {
    expect(read('\ufeff"a ""x""",b\r\n 1 , "2"\r\n\r\n3,4\n   \n5,6\r'.replace(', "2"', ',"2"'))).toEqual({
      columns: ['a "x"', "b"],
      rows: [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    });
  });

  it("reads numbers in every decimal form", () => {
    expect(read("+1,-.5,2.,1e3,-1.5E-3,0x0\n", { columns: [0, 1, 2, 3, 4] }).rows).toEqual([
      [1, -0.5, 2, 1000, -0.0015],
    ]);
  });

  it("keeps an unnamed index column apart from a missing header", () => {
    expect(read(",x\n0,1.5\n", { columns: ["x"] }).rows).toEqual([[1.5]]);
  });
});

describe("parseCsv on files that are not right", () => {
  const cases: readonly (readonly [string, string, CsvOptions, string])[] = [
    ["an empty file", "", {}, "must hold rows of numbers, got an empty file"],
    ["blank lines alone", "\n  \n\r\n", {}, "got an empty file"],
    ["a header alone", "x,y\n", {}, 'must hold rows of numbers, got only a header: "x", "y"'],
    [
      "a missing column",
      geyser,
      { columns: ["depth"] },
      'must have the column "depth", got only "duration", "waiting", "kind"',
    ],
    ["an index out of range", geyser, { columns: [3] }, 'must have the column "3", got only "duration"'],
    ["a negative index", geyser, { columns: [-1] }, 'must have the column "-1"'],
    [
      "a name asked of a file without names",
      "1,2\n",
      { columns: ["x"] },
      'must have the column "x", got only "0", "1"',
    ],
    ["no columns", geyser, { columns: [] }, "at least one column must be chosen, got none"],
    [
      "a name that two columns have",
      "x,x\n1,2\n",
      { columns: ["x"] },
      'must have one column "x", got several; choose it by its index',
    ],
    [
      "text in a chosen column",
      geyser,
      {},
      'row 2, column "kind" must be a finite number, got "long"; choose other columns or mend the cell',
    ],
    [
      "an empty cell",
      "x,y\n1,2\n3,\n",
      {},
      'row 3, column "y" must be a finite number, got ""; fill it in or remove the row',
    ],
    ["NaN", "x\n1\nNaN\n", {}, 'row 3, column "x" must be a finite number, got "NaN"; fill it in'],
    ["NaN in the first row", "NaN\n1\n", {}, 'row 1, column "0" must be a finite number, got "NaN"'],
    ["infinity", "1,2\n3,-Infinity\n", {}, 'row 2, column "1" must be a finite number, got "-Infinity"'],
    ["a number beyond float64", "1\n1e999\n", {}, 'row 2, column "0" must be a finite number, got "1e999"'],
    ["hexadecimal", "1\n0x10\n", {}, 'got "0x10"'],
    ["a comma too few", "x,y\n1,2\n3\n", {}, "row 3 must have 2 cells like the first row, got 1"],
    ["a comma too many", "1,2\n3,4,5\n", {}, "row 2 must have 2 cells like the first row, got 3"],
    ["a quote never closed", 'x\n"1\n2\n', {}, "quotes must open and close a whole cell"],
    ["a quote inside a cell", '1\n2"3\n', {}, "row 2: quotes must open and close a whole cell"],
    ["a long cell", `1\n${"a".repeat(99)}\n`, {}, `got "${"a".repeat(40)}…"`],
  ];
  for (const [what, text, options, message] of cases) {
    it(`names the file and the place of ${what}`, () => {
      const parse = () => parseCsv(text, { ...options, name: "t.csv" });
      expect(parse).toThrow(DomainError);
      expect(parse).toThrow(message);
      expect(parse).toThrow('parseCsv: "t.csv"');
    });
  }

  it("counts lines of the file, not records: blank lines and line ends inside quotes included", () => {
    expect(() => parseCsv("x\n\n\n1\nbad\n")).toThrow("row 5,");
    expect(() => parseCsv("a,b\r\n\r\n1,2\r\n3,bad\r\n")).toThrow("row 4,");
    expect(() => parseCsv('name,b\n"two\nlines",2\nthree,bad\n', { columns: ["b"] })).toThrow("row 4,");
  });

  it("random text gives a DomainError or a table", () => {
    const cell = fc.oneof(
      fc.string({ maxLength: 4 }),
      fc.constantFrom("1", "-2.5", '"', ",", "\n", "\r\n", ";", "\ufeff", "x"),
    );
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 12 }), (parts) => onlyDomainErrors(() => parseCsv(parts.join("")))),
      { seed: 31, numRuns: 2000 },
    );
  });
});

describe("formatCsv", () => {
  it("writes names, rows and line ends", () => {
    expect(
      formatCsv(
        tensor([
          [1, 2.5],
          [-0, 1e-300],
        ]),
        ["x", 'the "y", old'],
      ),
    ).toBe('x,"the ""y"", old"\n1,2.5\n-0,1e-300\n');
    expect(formatCsv(tensor([1, 2]))).toBe("1\n2\n");
    expect(formatCsv(tensor([[true], [false]]))).toBe("1\n0\n");
  });

  it("refuses other ranks, a wrong number of names and numbers that are not finite", () => {
    expect(() => formatCsv(tensor(1))).toThrow(ShapeError);
    expect(() => formatCsv(tensor(1))).toThrow("formatCsv: x must be [rows, columns] or [rows], got []; reshape it");
    expect(() => formatCsv(tensor([[1, 2]]), ["x"])).toThrow("formatCsv: columns must name 2 columns of [1, 2], got 1");
    expect(() =>
      formatCsv(
        tensor([
          [1, 2],
          [3, Infinity],
        ]),
      ),
    ).toThrow("formatCsv: values must be finite, got Infinity at [1, 1]");
  });

  it("then parseCsv gives back every matrix and its names, bit for bit", () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    const name = fc.string({ minLength: 1, maxLength: 6 }).map((text) => `c${text}`.trim());
    const tables = fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }))
      .chain(([rows, columns]) =>
        fc.tuple(
          fc.constant([rows, columns]),
          fc.array(finite, { minLength: rows * columns, maxLength: rows * columns }),
          fc.uniqueArray(name, { minLength: columns, maxLength: columns }),
        ),
      );
    fc.assert(
      fc.property(tables, ([shape, data, names]) => {
        const x = fromData(Float64Array.from(data), shape);
        const back = parseCsv(formatCsv(x, names));
        expectSame(back.values, x);
        expect(back.columns).toEqual(names);
        expectSame(parseCsv(formatCsv(x)).values, x);
      }),
      { seed: 32, numRuns: 300 },
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DomainError } from "../../src/array/errors.ts";
import { walkPlainRows } from "../../src/io/csvPlainRows.ts";
import { walkQuotedRows } from "../../src/io/csvQuotedRows.ts";
import { type CsvRow, walkRows } from "../../src/io/csvRows.ts";
import { openCsv } from "../../src/io/csvText.ts";

const rowsOf = (text: string, separator: string): CsvRow[] => {
  const rows: CsvRow[] = [];
  walkRows(openCsv(text, "rows"), separator, (row) => rows.push(row) > 0);
  return rows;
};

const fail = (): Error => new Error("too long");
const isBlank = (cells: readonly string[]): boolean => cells.length === 1 && cells[0] === "";

describe("walkRows", () => {
  it("reads lines without quotes as csv-parse does", () => {
    const part = fc.constantFrom("1", "-2.5", "é", "\ufeff", "\u00a0", " ", "  ", ",", ";", "\t", "\n", "\n\n", "");
    const parts = fc.array(part, { maxLength: 30 });
    const [separators, lineEnds] = [fc.constantFrom(",", ";", "\t", " "), fc.constantFrom("\n", "\r\n", "\r")];
    fc.assert(
      fc.property(parts, separators, lineEnds, (pieces, separator, lineEnd) => {
        const bytes = new TextEncoder().encode(pieces.join("").replaceAll("\n", lineEnd));
        const [plain, quoted]: [unknown[], unknown[]] = [[], []];
        walkPlainRows(bytes, separator, (cells, line) => isBlank(cells) || plain.push([line, cells]) > 0, {
          maxRow: 1e6,
          tooLong: fail,
        });
        walkQuotedRows(bytes, separator, (cells, line) => quoted.push([line, cells]) > 0, { maxRow: 1e6, fault: fail });
        expect(plain).toEqual(quoted);
      }),
      { seed: 33, numRuns: 3000 },
    );
  });

  it("counts lines on from the last quote, whatever ends them", () => {
    for (const end of ["\n", "\r\n", "\r"]) {
      const text = ['"a', 'b",c', "", '1,"2"', "3,4", "", "5,6"].join(end);
      expect(rowsOf(text, ",")).toEqual([
        { line: 2, cells: [`a${end}b`, "c"] },
        { line: 4, cells: ["1", "2"] },
        { line: 5, cells: ["3", "4"] },
        { line: 7, cells: ["5", "6"] },
      ]);
    }
  });

  it("reads lines of any length across chunks, with characters of several bytes", () => {
    for (const end of ["\n", "\r\n", "\r"]) {
      const lines = Array.from({ length: 3000 }, (_, i) => `${i},${"ü€".repeat((i * 37) % 101)}`);
      lines.push(`long,${"ü".repeat(200_000)}`, "last,1");
      expect(rowsOf(lines.join(end), ",").map(({ cells }) => cells.join(","))).toEqual(lines);
    }
  });

  it("refuses a row of more than 16 MB, with quotes and without", () => {
    for (const text of [`${"1".repeat(40_000_000)}\n`, `"${"1,".repeat(9_000_000)}"`]) {
      expect(() => rowsOf(`1,2\n${text}\n1,2\n`, ",")).toThrow(DomainError);
      expect(() => rowsOf(`1,2\n${text}\n1,2\n`, ",")).toThrow("row 2 must be shorter than 16 MB");
    }
    const inside = () => rowsOf('"a\r\nb",1\r\n1,2\r\n\r\n2,3"4"\r\n', ",");
    expect(inside).toThrow("row 5: quotes must open and close a whole cell; write two quotes for one inside a cell");
    expect(() => rowsOf('1,2\n"3,4\n5,6\n', ",")).toThrow("row 2: quotes must open and close a whole cell, but one");
  });

  it("leaves out blank lines, and rows of empty cells at both ends, but not between rows", () => {
    expect(rowsOf(",\n\nx,y\n,\n \n1,2\n,\n,\n", ",").map(({ cells }) => cells)).toEqual([
      ["x", "y"],
      ["", ""],
      ["1", "2"],
    ]);
    expect(rowsOf('x\n1\n""\n\n   \n2\n', ",").map(({ cells }) => cells)).toEqual([["x"], ["1"], [""], ["2"]]);
  });
});

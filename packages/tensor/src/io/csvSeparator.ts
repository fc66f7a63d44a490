import { cellKind } from "./csvCell.ts";
import { type CsvRow, type CsvStart, firstRows } from "./csvRows.ts";
import { csvSeparators } from "./csvSeparators.ts";
import type { CsvText } from "./csvText.ts";

/** The score of rows of equal length where no cell is a number. */
const worthOfShape = 0.01;

/**
 * How well a separator explains rows: the fraction of rows that have as many cells as most, times the fraction of numbers in them. The
 * first row, which may hold names, counts for neither where others follow.
 */
function score(rows: readonly CsvRow[], separator: string): number {
  const body = rows.length > 1 ? rows.slice(1) : rows;
  const counts = new Map<number, number>();
  for (const { cells } of body) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  const [width] = [...counts].reduce((best, each) => (each[1] > best[1] ? each : best), [0, 0]);
  if (width < 2) return 0;
  const agreeing = rows.filter((row) => row.cells.length === width).length;
  const marks = separator === csvSeparators.comma ? "point" : "either";
  const cells = body.filter((row) => row.cells.length === width).flatMap((row) => row.cells);
  const numbers = cells.filter((cell) => cellKind(cell, marks) === "number").length;
  // a lone row with text in it holds names, which may end in numbers
  const fraction = rows.length > 1 || numbers === cells.length ? numbers / cells.length : 0;
  return (agreeing / rows.length) * (worthOfShape + fraction);
}

/** A separator with the first rows as it splits them. */
export interface SplitStart extends CsvStart {
  readonly separator: string;
  /** How well it explains them; 0 if rows have one cell. */
  readonly score: number;
}

/** The first rows between cells of a separator. */
export function splitStart(text: CsvText, separator: string): SplitStart {
  const start = firstRows(text, separator);
  return { ...start, separator, score: score(start.rows, separator) };
}

/** The separator that explains the first rows best; the comma where none does. */
export const detectSeparator = (text: CsvText): SplitStart =>
  Object.values(csvSeparators)
    .map((separator) => splitStart(text, separator))
    .reduce((best, each) => (each.score > best.score ? each : best));

import type { ResultRow } from "./report.ts";
import { cellText, columnsOf, isBest } from "./resultColumns.ts";

/**
 * The results table as aligned plain text for a terminal: names on the left, scores on the right, a star at the best loss of a
 * column, and a rule between losses and other rows.
 */
export function formatTable(rows: readonly ResultRow[]): string {
  const columns = columnsOf(rows);
  const cells = rows.map((row) => [
    row.name,
    ...columns.map((column) => cellText(row, column) + (isBest(row, column, rows) ? "*" : " ")),
  ]);
  const text = alignCells([["", ...columns.map(({ title }) => `${title} `)], ...cells]);
  const rule = "─".repeat(Math.max(...text.map(width)));
  const breaks = rows.flatMap((row, i) =>
    i > 0 && (row.kind === "loss") !== (rows[i - 1].kind === "loss") ? [i] : [],
  );
  const body = text.slice(1).flatMap((line, i) => (breaks.includes(i) ? [rule, line] : [line]));
  const starred = cells.some((line) => line.some((cell) => cell.endsWith("*")));
  const notes = rows.flatMap(({ name, note }) => (note === undefined ? [] : [`${name}: ${note}`]));
  const below = [...(starred ? ["* best of its column among the losses"] : []), ...notes];
  return [text[0], rule, ...body, ...(below.length > 0 ? ["", ...below] : [])].join("\n");
}

/** Rows of cells as lines: the first column is aligned to the left, the others to the right. */
export function alignCells(lines: readonly (readonly string[])[]): string[] {
  const widths = lines[0].map((_, i) => Math.max(...lines.map((line) => width(line[i]))));
  return lines.map((line) =>
    line
      .map((cell, i) => align(cell, widths[i], i === 0))
      .join("  ")
      .trimEnd(),
  );
}

/** Width of a text in characters on the screen, not in UTF-16 units. */
export const width = (text: string): number => [...text].length;

function align(text: string, columns: number, left: boolean): string {
  const gap = " ".repeat(columns - width(text));
  return left ? text + gap : gap + text;
}

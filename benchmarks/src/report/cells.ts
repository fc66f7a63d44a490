import type { Group } from "../groups/group.ts";
import { figureOf, type Row } from "./row.ts";

/** A table as text: a head, and lines with the same number of cells. */
export interface TextTable {
  readonly head: readonly string[];
  readonly lines: readonly (readonly string[])[];
}

/** Three significant digits. */
export const threeDigits = (value: number): string => {
  const digits = value === 0 ? 0 : Math.max(0, Math.min(4, 2 - Math.floor(Math.log10(Math.abs(value)))));
  return value.toFixed(digits);
};

/** The cell of a row: its number, and the ratio to ours. */
export function cellOf(group: Group, row: Row | undefined): string {
  if (row === undefined) return "";
  if (row.medianMs === null) return row.note?.split(":")[0] ?? "–";
  const figure = group.cell?.(row) ?? threeDigits(row.medianMs);
  return row.ratio === null || row.ratio === 1 ? figure : `${figure} · ${threeDigits(row.ratio)}×`;
}

/** The cases of a group by contender; software adapters are marked. */
export function tableOf(group: Group, rows: readonly Row[]): TextTable {
  const own = rows.filter((row) => row.group === group.name);
  const names = [...new Set(own.map(({ implementation }) => implementation))];
  const cases = [...new Set(own.map((row) => row.case))];
  const find = (name: string, implementation: string) =>
    own.find((row) => row.case === name && row.implementation === implementation);
  const isSoftware = (implementation: string): boolean =>
    own.some((row) => row.implementation === implementation && figureOf(row, "software") === 1);
  return {
    head: ["", ...names.map((name) => (isSoftware(name) ? `${name} (software)` : name))],
    lines: cases.map((name) => [name, ...names.map((implementation) => cellOf(group, find(name, implementation)))]),
  };
}

/** The notes of rows, once for each reason and contender. */
export function notesOf(rows: readonly Row[]): string[] {
  const places = new Map<string, number>();
  for (const { implementation, note } of rows) {
    if (note === undefined) continue;
    const text = `${implementation}: ${note}`;
    places.set(text, (places.get(text) ?? 0) + 1);
  }
  return [...places].map(([text, count]) => (count > 1 ? `${text} (${count} rows)` : text));
}

/** For a terminal: the first column left-aligned, the others right-aligned. */
export function formatText({ head, lines }: TextTable): string {
  const all = [head, ...lines];
  const widths = head.map((_, i) => Math.max(...all.map((line) => line[i].length)));
  const text = all.map((line) =>
    line
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .join("  ")
      .trimEnd(),
  );
  return [text[0], "─".repeat(Math.max(...text.map(({ length }) => length))), ...text.slice(1)].join("\n");
}

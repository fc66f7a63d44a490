import { geometricMean } from "../run/statistics.ts";
import { type TextTable, threeDigits } from "./cells.ts";
import { type Row, Rows } from "./row.ts";
import { type Bounds, type Cell, type Target, targets } from "./targets.ts";

/** The result of a run for a target. */
export interface Finding {
  readonly target: Target;
  /** The measured cells. */
  readonly cells: readonly Cell[];
  readonly verdict: "goal" | "floor" | "missed" | "not measured";
}

/** The results of a run for all targets. */
export const findingsOf = (rows: readonly Row[]): Finding[] =>
  targets.map((target) => findingOf(target, new Rows(rows)));

/** The result of a run for a target. */
export function findingOf(target: Target, rows: Rows): Finding {
  const cells = target.cells.flatMap((name): Cell[] => {
    const value = target.value(rows, name);
    return value === undefined ? [] : [{ name, value }];
  });
  return { target, cells, verdict: verdictOf(target, cells) };
}

function verdictOf(target: Target, cells: readonly Cell[]): Finding["verdict"] {
  if (cells.length === 0) return "not measured";
  if (!isWithin(target, cells, target.floor)) return "missed";
  return isWithin(target, cells, target.goal ?? target.floor) ? "goal" : "floor";
}

function isWithin({ better }: Target, cells: readonly Cell[], { every, mean }: Bounds): boolean {
  const reaches = (value: number, bound: number): boolean => (better === "higher" ? value >= bound : value <= bound);
  const values = cells.map(({ value }) => value);
  return (
    (every === undefined || values.every((value) => reaches(value, every))) &&
    (mean === undefined || reaches(geometricMean(values), mean))
  );
}

/** The cell that is furthest from the target. */
function worstOf({ better }: Target, cells: readonly Cell[]): Cell {
  const sign = better === "higher" ? 1 : -1;
  return cells.reduce((worst, cell) => (sign * cell.value < sign * worst.value ? cell : worst));
}

function measuredText({ target, cells }: Finding): string {
  if (cells.length === 0) return "–";
  const worst = worstOf(target, cells);
  const mean = geometricMean(cells.map(({ value }) => value));
  const parts = [`${threeDigits(worst.value)}${target.unit} at ${worst.name}`];
  if (cells.length > 1) parts.push(`mean ${threeDigits(mean)}${target.unit}`);
  if (cells.length < target.cells.length) parts.push(`${cells.length} of ${target.cells.length} cells`);
  return parts.join(", ");
}

function boundsText({ better, unit }: Target, bounds: Bounds | undefined): string {
  const sign = better === "higher" ? "≥" : "≤";
  const parts = Object.entries(bounds ?? {}).map(
    ([of, bound]) => `${of === "mean" ? "mean " : ""}${sign} ${bound}${unit}`,
  );
  return parts.join(", ") || "–";
}

/** The targets with the results: the worst cell, and the geometric mean. */
export const findingsTable = (findings: readonly Finding[]): TextTable => ({
  head: ["target", "floor", "goal", "measured", "verdict"],
  lines: findings.map((finding) => [
    finding.target.name,
    boundsText(finding.target, finding.target.floor),
    boundsText(finding.target, finding.target.goal),
    measuredText(finding),
    finding.verdict,
  ]),
});

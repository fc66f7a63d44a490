import type { LawReport } from "./checkLaw.ts";
import type { VerifyReport } from "./verify.ts";

/** Two digits and an exponent: only the size of residuals matters. */
const figure = (x: number): string => (x === Number.MAX_VALUE ? "NaN" : x === 0 ? "0" : x.toExponential(1));

const cellsOf = (law: LawReport): string[] => [
  law.passed ? "ok" : "FAIL",
  law.name,
  law.cases.toLocaleString("en-US"),
  figure(law.worst),
  figure(law.bound),
  `${law.control.violated.toLocaleString("en-US")}/${law.control.of.toLocaleString("en-US")}`,
];

const headerOf = (what: string): string[] => ["", what, "cases", "worst", "bound", "control violated"];
const isLeft = [true, true, false, false, false, false];

/** The word for the rows of a report, in the singular and in the plural. */
export interface ReportWords {
  readonly law: string;
  readonly laws: string;
}

/**
 * The report as an aligned text table: one line per law, then errors, then the total.
 *
 * @param words for reports of other things than laws
 */
export function formatVerifyReport({ laws }: VerifyReport, words: ReportWords = { law: "law", laws: "laws" }): string {
  const header = headerOf(words.law);
  const lines = [header, ...laws.map(cellsOf)];
  const widths = header.map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  const text = lines.map((line) =>
    line
      .map((cell, i) => (isLeft[i] ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .join("  ")
      .trimEnd(),
  );
  const rule = "─".repeat(Math.max(...text.map((line) => line.length)));
  const errors = laws.flatMap((law) => (law.error === undefined ? [] : [`${law.name}: ${law.error}`]));
  return [text[0], rule, ...text.slice(1), rule, ...errors, summary(laws, words)].join("\n");
}

function summary(laws: readonly LawReport[], words: ReportWords): string {
  const cases = laws.reduce((sum, law) => sum + law.cases, 0).toLocaleString("en-US");
  const failed = laws.filter((law) => !law.passed).map((law) => law.name);
  const verdict = failed.length === 0 ? "all hold" : `${failed.length} failed: ${failed.join(", ")}`;
  return `${laws.length} ${laws.length === 1 ? words.law : words.laws}, ${cases} instances and as many controls: ${verdict}`;
}

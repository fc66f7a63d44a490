import { formatSpread } from "./resultColumns.ts";
import { type StudiedProblem, type StudyRow, studyColumns } from "./study.ts";
import { alignCells, width } from "./table.ts";

/** Mark before the name of a loss that does not beat the Gaussian fit. */
const missMark = "✗ ";

/** The results of a study on one problem as aligned plain text, family by family. */
export function formatStudy({ name, description, rows }: StudiedProblem): string {
  const columns = studyColumns(rows);
  const groups = groupsOf(rows);
  const cells = rows.map((row) => [
    `${row.beatsGaussianFit === false ? missMark : "  "}${row.name}`,
    ...columns.map((column) => formatSpread(column, row.scores[column.key])),
  ]);
  const [head, ...lines] = alignCells([["", ...columns.map(({ title }) => title)], ...cells]);
  const rule = "─".repeat(Math.max(...[head, ...lines].map(width)));
  const body = groups.flatMap(({ title, first, count }) => [title, ...lines.slice(first, first + count)]);
  return [`${name}: ${description}`, "", head, rule, ...body, ...footnotes(rows)].join("\n");
}

/** Rows below one heading. */
export interface RowGroup {
  readonly title: string;
  readonly first: number;
  readonly count: number;
}

/** Neighbouring rows of one family. */
export function groupsOf(rows: readonly StudyRow[]): RowGroup[] {
  const firsts = rows.flatMap(({ family }, i) => (i === 0 || rows[i - 1].family !== family ? [i] : []));
  return firsts.map((first, i) => ({
    title: titleOf(rows[first].family),
    first,
    count: (firsts[i + 1] ?? rows.length) - first,
  }));
}

/** Heading of a family: "triConsistency" is tri-consistency. */
const titleOf = (family: string): string =>
  ({
    triConsistency: "tri-consistency",
    flowMatching: "flow matching",
    teacher: "learnt velocity",
    baseline: "for comparison",
  })[family] ?? family;

/** Remarks below the table. */
function footnotes(rows: readonly StudyRow[]): string[] {
  const isMissed = rows.some(({ beatsGaussianFit }) => beatsGaussianFit === false);
  const notes = [...(isMissed ? [`✗: ${missWords(rows)}`] : []), ...notesOf(rows)];
  return notes.length > 0 ? ["", ...notes] : [];
}

/** Meaning of the mark: the last row is the Gaussian that losses are compared with. */
export const missWords = (rows: readonly StudyRow[]): string =>
  `not every seed comes closer to the data than a ${rows[rows.length - 1].name}`;

/** Sentences about trainings that diverged or failed. */
export const notesOf = (rows: readonly StudyRow[]): string[] =>
  rows.flatMap(({ name, diverged, failures }) => [
    ...(diverged > 0
      ? [`${name}: its loss stopped being finite in ${diverged} ${diverged === 1 ? "training" : "trainings"}.`]
      : []),
    ...failures.map((failure) => `${name} failed, ${failure}`),
  ]);

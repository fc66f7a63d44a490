import { groups } from "../groups/index.ts";
import { formatText, notesOf, type TextTable, tableOf } from "./cells.ts";
import { findingsOf, findingsTable } from "./findings.ts";
import type { Machine } from "./machine.ts";
import type { Row } from "./row.ts";

/** A run, as it is kept. */
export interface Report {
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  /** Cores that other processes used meanwhile, on average. */
  readonly foreignCores: number;
  readonly rows: readonly Row[];
}

/** A part of the report. */
interface Section {
  readonly title: string;
  readonly about: string;
  readonly table: TextTable;
}

function sectionsOf({ rows }: Report): Section[] {
  const measured = groups.filter(({ name }) => rows.some(({ group }) => group === name));
  return [
    ...measured.map((group) => ({
      title: `${group.name} [${group.unit}]`,
      about: `${group.about} Medians; × is how many times as long it takes as pushforward.`,
      table: tableOf(group, rows),
    })),
    {
      title: "Targets",
      about: "The worst cell, and the geometric mean of all cells. Floors must hold, goals are wanted.",
      table: findingsTable(findingsOf(rows)),
    },
  ];
}

/** In what circumstances a run was made, as lines. */
function circumstances({ machine, versions, foreignCores }: Report): string[] {
  const { date, command, node, system, processor, cores, memory, loadBefore } = machine;
  return [
    `${date}, \`${command}\``,
    `${processor}, ${cores} cores, ${Math.round(memory / 1e9)} GB, ${system}, Node ${node}`,
    `others used ${foreignCores.toFixed(2)} cores meanwhile; load before ${loadBefore.toFixed(2)}`,
    ...Object.entries(versions).map(([name, version]) => `${name}: ${version}`),
  ];
}

/** For a terminal. */
export function formatReport(report: Report): string {
  const sections = sectionsOf(report).map(({ title, about, table }) => `${title}\n${about}\n\n${formatText(table)}`);
  const notes = notesOf(report.rows);
  return [...sections, ...(notes.length > 0 ? [notes.join("\n")] : []), circumstances(report).join("\n")].join("\n\n");
}

const markdownTable = ({ head, lines }: TextTable): string =>
  [head, head.map((_, i) => (i === 0 ? "---" : "---:")), ...lines]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");

/** For the repository. */
export function formatMarkdown(report: Report, file: string): string {
  const sections = sectionsOf(report).map(
    ({ title, about, table }) => `## ${title}\n\n${about}\n\n${markdownTable(table)}`,
  );
  const list = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join("\n");
  const notes = notesOf(report.rows);
  return `${[
    "# Results of the benchmarks",
    `Made by \`pnpm bench\` from [${file}](${file}); [how it is measured](../README.md).`,
    list(circumstances(report)),
    ...sections,
    ...(notes.length > 0 ? ["## Not measured", list(notes)] : []),
  ].join("\n\n")}\n`;
}

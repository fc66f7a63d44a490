import { ourGpuName } from "../gpu/competitors.ts";
import { gpuGroups } from "../gpu/groups.ts";
import type { Group } from "../groups/group.ts";
import { groups } from "../groups/index.ts";
import { ourName } from "../run/contenders.ts";
import { formatText, notesOf, type TextTable, tableOf } from "./cells.ts";
import { findingsOf, findingsTable } from "./findings.ts";
import type { Machine } from "./machine.ts";
import type { Row } from "./row.ts";

/** A run, in the form of the results file. */
export interface Report {
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  /** Cores that other processes used meanwhile, on average; unknown for measurements in a browser. */
  readonly foreignCores?: number;
  readonly rows: readonly Row[];
}

/** Subject of a report. */
export interface Subject {
  readonly title: string;
  readonly command: string;
  readonly groups: readonly Group[];
  /** The reference of the ratios. */
  readonly ourName: string;
  /** Whether the project has targets for this subject. */
  readonly hasTargets: boolean;
  /** Ends the name of the file of rows, before its extension. */
  readonly suffix: string;
  /** The file of tables. */
  readonly tables: string;
}

/** Benchmarks on CPUs. */
export const onProcessors: Subject = {
  title: "Results of the benchmarks",
  command: "pnpm bench",
  groups,
  ourName,
  hasTargets: true,
  suffix: "",
  tables: "README.md",
};

/** Benchmarks on GPUs, in a page. */
export const onGpus: Subject = {
  title: "Results of the benchmarks on a GPU",
  command: "pnpm bench --gpu",
  groups: gpuGroups("hardware"),
  ourName: ourGpuName,
  hasTargets: false,
  suffix: "-gpu",
  tables: "gpu.md",
};

/** A part of the report. */
interface Section {
  readonly title: string;
  readonly about: string;
  readonly table: TextTable;
}

function sectionsOf({ rows }: Report, subject: Subject): Section[] {
  const measured = subject.groups.filter(({ name }) => rows.some(({ group }) => group === name));
  const sections = measured.map((group) => ({
    title: `${group.name} [${group.unit}]`,
    about: `${group.about} Medians; × is how many times as long it takes as ${subject.ourName}.`,
    table: tableOf(group, rows),
  }));
  if (!subject.hasTargets) return sections;
  const targets = {
    title: "Targets",
    about: "The worst cell, and the geometric mean of all cells. Floors must hold, goals are wanted.",
    table: findingsTable(findingsOf(rows)),
  };
  return [...sections, targets];
}

/** The circumstances of a run, as lines. */
function circumstances({ machine, versions, foreignCores }: Report): string[] {
  const { date, command, node, system, processor, cores, memory, loadBefore } = machine;
  return [
    `${date}, \`${command}\``,
    `${processor}, ${cores} cores, ${Math.round(memory / 1e9)} GB, ${system}, Node ${node}`,
    [
      ...(foreignCores === undefined ? [] : [`others used ${foreignCores.toFixed(2)} cores meanwhile`]),
      `load before ${loadBefore.toFixed(2)}`,
    ].join("; "),
    ...Object.entries(versions).map(([name, version]) => `${name}: ${version}`),
  ];
}

/** For a terminal. */
export function formatReport(report: Report, subject = onProcessors): string {
  const sections = sectionsOf(report, subject).map(
    ({ title, about, table }) => `${title}\n${about}\n\n${formatText(table)}`,
  );
  const notes = notesOf(report.rows);
  return [...sections, ...(notes.length > 0 ? [notes.join("\n")] : []), circumstances(report).join("\n")].join("\n\n");
}

const markdownTable = ({ head, lines }: TextTable): string =>
  [head, head.map((_, i) => (i === 0 ? "---" : "---:")), ...lines]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");

/** For the repository. */
export function formatMarkdown(report: Report, file: string, subject = onProcessors): string {
  const sections = sectionsOf(report, subject).map(
    ({ title, about, table }) => `## ${title}\n\n${about}\n\n${markdownTable(table)}`,
  );
  const list = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join("\n");
  const notes = notesOf(report.rows);
  return `${[
    `# ${subject.title}`,
    `Made by \`${subject.command}\` from [${file}](${file}); [how it is measured](../README.md).`,
    list(circumstances(report)),
    ...sections,
    ...(notes.length > 0 ? ["## Not measured", list(notes)] : []),
  ].join("\n\n")}\n`;
}

import type { Metric } from "@pushforward/training";
import { formatScore } from "./formats.ts";
import { type Html, html } from "./html.ts";
import { capitalized, listed } from "./metricSentences.ts";
import type { Difference } from "./report.ts";
import { formatDeviation } from "./resultColumns.ts";
import { alignCells } from "./table.ts";

const headings = ["mean ± sd", "95 % interval", "better with"];

/** Meaning of the table of differences. */
const meaning =
  "Scores of two trainings with the same seed are subtracted, so that effects of the seed on both cancel. The interval is that of the paired t test: if differences are normal, it holds the true mean in 95 of 100 such comparisons.";

/** The cells of a difference, in the order of the headings. */
function cellsOf({ mean, deviation, interval, better, count }: Difference): string[] {
  return [
    count < 2 ? formatScore(mean) : formatDeviation(formatScore, mean, deviation),
    interval ? interval.map(formatScore).join(" … ") : "–",
    `${better} of ${count} seeds`,
  ];
}

/** Differences of one loss, in the order of the losses. */
const groupsOf = (differences: readonly Difference[]): (readonly Difference[])[] =>
  [...new Set(differences.map(({ name }) => name))].map((name) => differences.filter((each) => each.name === name));

/** Which sign is better: "below 0 is better, above 0 for accuracy". */
function signWords(differences: readonly Difference[]): string {
  const titles = (better: Metric["better"]): string[] => [
    ...new Set(differences.flatMap(({ metric }) => (metric.better === better ? metric.title : []))),
  ];
  const larger = listed(titles("larger"));
  if (larger === "") return "below 0 is better";
  return titles("smaller").length === 0 ? "above 0 is better" : `below 0 is better, above 0 for ${larger}`;
}

/** Differences of losses from the first as aligned plain text. */
export function formatDifferences(differences: readonly Difference[]): string {
  if (differences.length === 0) return "";
  const groups = groupsOf(differences);
  const rows = groups.flatMap((group) => group.map((each) => [`  ${each.metric.title}`, ...cellsOf(each)]));
  const [head, ...lines] = alignCells([["", ...headings], ...rows]);
  const body = groups.flatMap((group) => {
    const first = differences.indexOf(group[0]);
    return [`${group[0].name} − ${group[0].base}`, ...lines.slice(first, first + group.length)];
  });
  return [`Differences by seed (${signWords(differences)})`, head, ...body].join("\n");
}

/** Differences of losses from the first as a section of a page. */
export function differencesSection(
  differences: readonly Difference[],
  swatchOf: (name: string) => Html,
): Html | undefined {
  if (differences.length === 0) return undefined;
  const body = groupsOf(differences).map((group) => [
    html`<tr class="apart"><th scope="rowgroup" colspan="${headings.length + 1}">${swatchOf(group[0].name)}${group[0].name} − ${group[0].base}</th></tr>
`,
    group.map(
      (
        each,
      ) => html`<tr><th scope="row">${each.metric.title}</th>${cellsOf(each).map((cell) => html`<td>${cell}</td>`)}</tr>
`,
    ),
  ]);
  return html`<section><h2>Differences by seed</h2>
<div class="scroll"><table><thead><tr><th></th>${headings.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${body.flat()}</tbody></table></div>
<p class="soft">${meaning} ${capitalized(signWords(differences))}.</p></section>`;
}

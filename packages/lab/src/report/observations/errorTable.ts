import {
  type ErrorPart,
  errorParts,
  type ObservedTraining,
  type PairedDifference,
  type PartialError,
  type SpanName,
  type Spread,
  spanNames,
  type TrainingThird,
} from "@pushforward/training";
import { formatCount, formatScore } from "../formats.ts";
import { type Html, html } from "../html.ts";
import { unbroken } from "../page.ts";
import type { Palette } from "../palette.ts";
import { formatDeviation, formatSpread } from "../resultColumns.ts";
import { swatch } from "../sections.ts";

/** Lengths of the spans. */
const spanRanges: Readonly<Record<SpanName, string>> = {
  short: "t − s < 1/3",
  medium: "t − s < 2/3",
  long: "t − s > 2/3",
};

/** The observed steps of a third of the training. */
const stepsText = ({ steps: [first, last] }: TrainingThird): string =>
  first === last ? `step ${formatCount(first)}` : `steps ${formatCount(first)} to ${formatCount(last)}`;

/** Where and when the maps err, with sentences of comparison; undefined without errors of at least one training. */
export function errorTable(trainings: readonly ObservedTraining[], palette: Palette): Html | undefined {
  const parts = errorParts(trainings);
  if (parts.length === 0) return undefined;
  const sentences = errorSentences(parts);
  const thirds = [...new Set(parts.map(({ third }) => third))];
  return html`<h3>Errors of the maps, early and late, over short and long spans</h3>
${sentences.map((sentence) => html`<p>${unbroken(sentence)}</p>`)}
<div class="scroll"><table><thead><tr><th></th>${spanNames.map((span) => html`<th scope="col">${span} spans<small>${spanRanges[span]}</small></th>`)}</tr></thead>
<tbody>${thirds.map((third) =>
    groupOf(
      parts.filter((part) => part.third === third),
      palette,
    ),
  )}</tbody></table></div>
<p class="soft">${meaning(parts)}</p>`;
}

/** The reading of the table. */
function meaning(parts: readonly ErrorPart[]): string {
  const [{ trainings }] = parts;
  const isSeeded = trainings.some(({ error }) => error.values.length > 1);
  return [
    "Error: √ of the mean of ‖Φ − exact Φ‖² over the cells with s < t and the observed steps of each third",
    isSeeded ? "; mean ± standard deviation over the seeds." : ".",
    trainings.length > 1 &&
      ` Small numbers: the difference from ${trainings[0].name} with the same seed, below 0 is better${isSeeded ? ", and the number of seeds with a smaller error" : ""}. Bold: the smallest error of its part.`,
  ]
    .filter(Boolean)
    .join("");
}

/** The rows of a third. */
function groupOf(parts: readonly ErrorPart[], palette: Palette): Html {
  const names = [...new Set(parts.flatMap(({ trainings }) => trainings.map(({ name }) => name)))];
  const { third } = parts[0];
  const title = `${third.name} third, ${stepsText(third)}`;
  if (names.length === 1)
    return html`<tr><th scope="row">${title}</th>${parts.map((part) => cellOf(part, names[0]))}</tr>
`;
  return html`<tr class="apart"><th scope="rowgroup" colspan="${spanNames.length + 1}">${title}</th></tr>
${names.map(
  (
    name,
  ) => html`<tr><th scope="row">${swatch(palette(name))}${unbroken(name)}</th>${parts.map((part) => cellOf(part, name))}</tr>
`,
)}`;
}

function cellOf({ trainings }: ErrorPart, name: string): Html {
  const own = trainings.find((training) => training.name === name);
  if (!own) return html`<td>–</td>`;
  const rivals = trainings.map(({ error }) => error.mean).filter(Number.isFinite);
  const isBest = rivals.length > 1 && own.error.mean === Math.min(...rivals);
  const { difference } = own;
  return html`<td class="${isBest ? "best" : ""}">${spreadCell(own.error, formatScore)}${difference && html`<small>${differenceText(difference, own.error)}</small>`}</td>`;
}

/** A mean, with its deviation over the seeds, and the number of seeds where some have no finite value. */
export function spreadCell({ mean, deviation, values }: Spread, format: (value: number | undefined) => string): Html {
  const finite = values.filter(Number.isFinite);
  const isPartial = finite.length > 0 && finite.length < values.length;
  const text = formatSpread({ format }, { mean, deviation, values: finite.length > 0 ? finite : values });
  return html`${text}${isPartial && html`<small>${finite.length} of ${values.length} seeds are finite</small>`}`;
}

/** A difference with the decimals of the error, and the number of seeds in which the error is smaller. */
function differenceText({ mean, deviation, better, count }: PairedDifference, error: Spread): string {
  const [, decimals = ""] = /\.(\d*)$/.exec(formatScore(error.mean)) ?? [];
  const format = (value: number | undefined): string => (value ?? 0).toFixed(decimals.length).replace("-", "−");
  const size = count < 2 ? format(mean) : formatDeviation(format, mean, deviation);
  return error.values.length < 2 ? size : `${size}, ${better} of ${count}`;
}

/** A part with the errors of the base and of another training. */
interface ComparedPart extends ErrorPart {
  readonly base: PartialError;
  readonly other: PartialError;
}

/** A sentence for each training that is compared with the first. */
export function errorSentences(parts: readonly ErrorPart[]): string[] {
  const names = [...new Set(parts.flatMap(({ trainings }) => trainings.map(({ name }) => name)))];
  return names.slice(1).flatMap((name) => {
    const compared = parts.flatMap((part): ComparedPart[] => {
      const [base] = part.trainings;
      const other = part.trainings.find((each) => each.name === name);
      return base.name === names[0] && other?.difference ? [{ ...part, base, other }] : [];
    });
    return compared.length === 0 ? [] : [sentenceOf(compared)];
  });
}

/** A relative change: "30 % smaller", "4.6 times as large". */
const changeText = (relative: number): string =>
  relative < 1
    ? `${Math.round(100 * Math.abs(relative))}\u00a0% ${relative < 0 ? "smaller" : "larger"}`
    : `${formatScore(1 + relative)} times as large`;

/** The comparison of a training with the base. */
function sentenceOf(parts: readonly ComparedPart[]): string {
  const relative = ({ base, other }: ComparedPart): number => other.difference!.mean / base.error.mean;
  const smaller = parts.filter((part) => relative(part) < 0);
  const isSmaller = 2 * smaller.length >= parts.length;
  const word = isSmaller ? "smaller" : "larger";
  const chosen = isSmaller ? smaller : parts.filter((part) => relative(part) > 0);
  const [{ base, other }] = parts;
  if (chosen.length === 0) return `${other.name} has the same errors as ${base.name}.`;
  const most = chosen.reduce((a, b) => (Math.abs(relative(b)) > Math.abs(relative(a)) ? b : a));
  const { better, count } = most.other.difference!;
  const seeds = isSmaller ? better : count - better;
  const isComplete = [most.base, most.other].every(({ error }) => error.values.length === count);
  const change = isComplete ? ` (${changeText(relative(most))})` : "";
  const withSeeds = most.other.error.values.length > 1 ? `, ${word} with ${seeds} of ${count} seeds` : "";
  return `${other.name} has a ${word} error than ${base.name} in ${chosen.length} of ${parts.length} parts; most in the ${most.third.name} third at ${most.span} spans: ${formatScore(most.other.error.mean)} against ${formatScore(most.base.error.mean)}${change}${withSeeds}.`;
}

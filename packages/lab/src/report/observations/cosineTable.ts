import {
  type CosinePart,
  cosineParts,
  type ObservedTraining,
  type PairedDifference,
  type TrainingThird,
} from "@pushforward/training";
import { type Html, html } from "../html.ts";
import { unbroken } from "../page.ts";
import type { Palette } from "../palette.ts";
import { swatch } from "../sections.ts";
import { spreadCell } from "./errorTable.ts";

/** The parts of a training in rows of estimators and columns of thirds. */
interface CosineTable {
  readonly name: string;
  readonly parts: readonly CosinePart[];
}

/** A cosine with two decimals. */
const formatCosine = (value: number | undefined): string =>
  value === undefined || !Number.isFinite(value) ? "–" : value.toFixed(2).replace("-", "−");

const unique = <T>(all: readonly T[]): T[] => [...new Set(all)];

/** Which gradient points best, and when; undefined unless a training has several gradients that can be compared. */
export function cosineTable(trainings: readonly ObservedTraining[], palette: Palette): Html | undefined {
  const tables = trainings
    .map((training): CosineTable => ({ name: training.name, parts: cosineParts(training) }))
    .filter(({ parts }) => unique(parts.map(({ estimator }) => estimator)).length > 1);
  if (tables.length === 0) return undefined;
  const isSeeded = trainings.some(({ seeds }) => seeds.length > 1);
  const thirds = unique(tables.flatMap(({ parts }) => parts.map(({ third }) => third.name)));
  return html`<h3>Directions of gradients, early and late</h3>
${tables.map((table) => html`<p>${unbroken(cosineSentence(table))}</p>`)}
<div class="scroll"><table><thead><tr><th></th>${thirds.map((third) => html`<th scope="col">${third} third</th>`)}</tr></thead>
<tbody>${tables.map((table) => rowsOf(table, thirds, palette))}</tbody></table></div>
<p class="soft">Mean cosine of the angle between the gradient of one batch and the gradient of the true error, at the states of the training; 1 is the best direction.${isSeeded && " Small numbers: the number of seeds in which a gradient points better than the gradient as trained."} Bold: the best of its column for each training; trainings reach different states, so compare rows of one training only.</p>`;
}

function rowsOf({ name, parts }: CosineTable, thirds: readonly TrainingThird["name"][], palette: Palette): Html {
  const estimators = unique(parts.map(({ estimator }) => estimator));
  return html`<tr class="apart"><th scope="rowgroup" colspan="${thirds.length + 1}">${swatch(palette(name))}${name}</th></tr>
${estimators.map((estimator) => {
  const cells = thirds.map((third) => {
    const column = parts.filter((part) => part.third.name === third);
    const own = column.find((part) => part.estimator === estimator);
    return own ? cellOf(own, column) : html`<td>–</td>`;
  });
  return html`<tr><th scope="row">${estimator}</th>${cells}</tr>
`;
})}`;
}

function cellOf(own: CosinePart, column: readonly CosinePart[]): Html {
  const { cosine, difference } = own;
  return html`<td class="${own === bestOf(column) ? "best" : ""}">${spreadCell(cosine, formatCosine)}${difference && cosine.values.length > 1 && html`<small>${difference.better} of ${difference.count} seeds</small>`}</td>`;
}

/** The part whose gradient points best; undefined if no cosine is finite. */
const bestOf = (parts: readonly CosinePart[]): CosinePart | undefined =>
  parts
    .filter(({ cosine }) => Number.isFinite(cosine.mean))
    .reduce<CosinePart | undefined>((a, b) => (a && a.cosine.mean >= b.cosine.mean ? a : b), undefined);

/** Which gradient points best in which third of the training. */
export function cosineSentence({ name, parts }: CosineTable): string {
  const thirds = unique(parts.map(({ third }) => third));
  if (parts.every(({ difference }) => difference === undefined || isNone(difference))) {
    return `All gradients at the states of ${name} point in the same direction.`;
  }
  const best = thirds.flatMap((third) => bestOf(parts.filter((part) => part.third === third)) ?? []);
  const winners = unique(best.map(({ estimator }) => estimator)).map((estimator) => {
    const own = best.filter((part) => part.estimator === estimator);
    const seeds = unique(own.map(seedsText));
    const when =
      seeds.length > 1
        ? `in the ${own.map((part) => `${part.third.name} third${seedsText(part)}`).join(" and the ")}`
        : own.length === thirds.length
          ? `in every third of the training${seeds[0]}`
          : `in the ${own.map(({ third }) => third.name).join(" and the ")} third${seeds[0]}`;
    return `“${estimator}” points best ${when}`;
  });
  return `Of the gradients at the states of ${name}, ${winners.join(", and ")}.`;
}

/** Whether no seed has a difference. */
const isNone = ({ mean, deviation }: PairedDifference): boolean => mean === 0 && !((deviation ?? 0) > 0);

/** The number of seeds in which a gradient points better than the gradient as trained, in brackets. */
const seedsText = ({ difference, cosine }: CosinePart): string =>
  difference && cosine.values.length > 1
    ? ` (better than as trained with ${difference.better} of ${difference.count} seeds)`
    : "";

import type { Recipe, Weighting } from "@pushforward/losses";
import { flatten, type Tensor } from "@pushforward/tensor";
import type { Trainer } from "../../../src/index.ts";
import { batchCount, batchKey, batchRows } from "../../../src/observatory/batches.ts";
import { drawTerm } from "../../../src/trainer/recipeLoss.ts";
import { type Affine, average, averageDerivative, type bases } from "./affineNetwork.ts";
import * as exact from "./diagonalGaussian.ts";

/** A row of a batch in plain numbers. */
export interface Row {
  readonly x: readonly number[];
  /** X_1 − X_0 */
  readonly sampleVelocity: readonly number[];
  readonly s: number;
  readonly t: number;
}

/** Rows of a tensor [rows, n] as plain numbers. */
export const plainRows = (x: Tensor): number[][] => x.toArray() as number[][];

/** The rows of a term in batch k of an observation with the given key. */
export function rowsOf(trainer: Trainer, key: Tensor, term: number, k: number): Row[] {
  const { at, input } = trainer.open(trainer.initial, null, batchKey(key, k), batchRows(trainer));
  const { noise, data, xs, times } = drawTerm(trainer.recipe, term, input(at))!;
  const [from, to, s, t] = [noise, data, times.s, times.t].map(plainRows);
  return plainRows(xs).map((x, i) => ({
    ...{ x, s: s[i][0], t: t[i][0] },
    sampleVelocity: to[i].map((each, j) => each - from[i][j]),
  }));
}

/** How a gradient is estimated, by hand. */
export interface HandEstimator {
  readonly velocity: "conditional" | "exact";
  /** Whether the target of MeanFlow is stopped. */
  readonly isStopped: boolean;
}

/** The network by hand. */
export interface HandNetwork {
  readonly params: Affine;
  readonly base: keyof typeof bases;
}

/** Entries of a gradient by leaf, row by row. */
export type PlainGradient = Record<keyof Affine, number[]>;

/** Everything about one batch of a term, by hand. */
export interface HandBatch {
  readonly gradient: PlainGradient;
  /** ‖e‖² of every row. */
  readonly values: readonly number[];
  /** ‖cotangent‖² of the target. */
  readonly blocked: number;
}

/** The residual of a row, and the derivatives of its entries by A, b, c and d. */
interface Residual {
  readonly e: readonly number[];
  readonly byMatrix: readonly number[];
  readonly byStart: number;
  readonly byEnd: number;
}

/**
 * Flow matching: e = u(x, s, s) − v. MeanFlow: e = u − (v + h·du/ds), h = t − s. Its derivatives by the parameters of the deviation are
 * those of A·x + b·s + c·t + d, and without the stop those of A·(x − h·v) + b·(s − h) + c·t + d.
 */
function residualOf(loss: string, row: Row, { params, base }: HandNetwork, how: HandEstimator): Residual {
  const { x, s, t } = row;
  const v = how.velocity === "exact" ? exact.velocity(x, s) : row.sampleVelocity;
  if (loss === "flowMatching") {
    const e = average(params, base, x, s, s).map((each, i) => each - v[i]);
    return { e, byMatrix: x, byStart: s, byEnd: s };
  }
  const h = t - s;
  const derivative = averageDerivative(params, base, { x, v, s, t });
  const e = average(params, base, x, s, t).map((each, i) => each - (v[i] + h * derivative[i]));
  return how.isStopped
    ? { e, byMatrix: x, byStart: s, byEnd: t }
    : { e, byMatrix: x.map((each, j) => each - h * v[j]), byStart: s - h, byEnd: t };
}

/** e = u − U. */
function errorOf(loss: string, { x, s, t }: Row, { params, base }: HandNetwork): Residual {
  const end = loss === "flowMatching" ? s : t;
  const wanted = exact.averageVelocity(x, s, end);
  const e = average(params, base, x, s, end).map((each, i) => each - wanted[i]);
  return { e, byMatrix: x, byStart: s, byEnd: end };
}

const squared = (e: readonly number[]): number => e.reduce((sum, each) => sum + each * each, 0);

/** The stopped factor of a weighting. */
const factorOf = (weighting: Weighting, value: number): number =>
  weighting.kind === "adaptive" ? (value + (weighting.c ?? 0.01)) ** -(weighting.p ?? 1) : 1;

/** The gradient of scale·mean(factor·‖e‖²) of some residuals. */
function batchOf(residuals: readonly Residual[], scale: number, weighting: Weighting): HandBatch {
  const gradient: PlainGradient = { matrix: [0, 0, 0, 0], start: [0, 0], end: [0, 0], offset: [0, 0] };
  let blocked = 0;
  for (const { e, byMatrix, byStart, byEnd } of residuals) {
    const factor = (2 * scale * factorOf(weighting, squared(e))) / residuals.length;
    blocked += squared(e) * factor ** 2;
    for (const [i, each] of e.entries()) {
      for (const [j, x] of byMatrix.entries()) gradient.matrix[2 * i + j] += factor * each * x;
      gradient.start[i] += factor * each * byStart;
      gradient.end[i] += factor * each * byEnd;
      gradient.offset[i] += factor * each;
    }
  }
  return { gradient, values: residuals.map(({ e }) => squared(e)), blocked };
}

const names = ["matrix", "start", "end", "offset"] as const;

/** The sum of gradients. */
const sumOf = (gradients: readonly PlainGradient[]): PlainGradient =>
  Object.fromEntries(
    names.map((name) => [name, gradients[0][name].map((_, i) => gradients.reduce((sum, g) => sum + g[name][i], 0))]),
  ) as PlainGradient;

/** A recipe's gradient in one batch by hand, with the values of each term. */
export interface HandRecipeBatch {
  readonly gradient: PlainGradient;
  readonly terms: readonly HandBatch[];
}

const recipeBatch = (recipe: Recipe, of: (term: number, scale: number) => HandBatch): HandRecipeBatch => {
  const terms = recipe.terms.map(({ weight, fraction }, i) => of(i, weight * fraction));
  return { gradient: sumOf(terms.map(({ gradient }) => gradient)), terms };
};

/** The batches of a recipe of flow matching and MeanFlow, by hand. */
export const handBatches = (
  trainer: Trainer,
  key: Tensor,
  network: HandNetwork,
  how: HandEstimator | "exact",
): HandRecipeBatch[] =>
  Array.from({ length: batchCount }, (_, k) =>
    recipeBatch(trainer.recipe, (i, scale) => {
      const { loss, weighting } = trainer.recipe.terms[i];
      const residuals = rowsOf(trainer, key, i, k).map((row) =>
        how === "exact" ? errorOf(loss.name, row, network) : residualOf(loss.name, row, network, how),
      );
      return batchOf(residuals, scale, weighting);
    }),
  );

/** All entries of a gradient, in a fixed order. */
export const entries = (gradient: PlainGradient): number[] => names.flatMap((name) => gradient[name]);

/** The entries of leaves [batches, entries] of one batch, in the same order. */
export function entriesOf(trainer: Trainer, leaves: readonly Tensor[], k: number): number[] {
  const { paths } = flatten(trainer.initial.params);
  return names.flatMap((name) => plainRows(leaves[paths.indexOf(name)])[k]);
}

import { type PlainCase, shrink } from "@pushforward/flows";
import type { AnyLoss } from "@pushforward/losses";
import { fromData, key, type Tensor } from "@pushforward/tensor";
import { Draws } from "./draws.ts";
import { rowGaps } from "./gaps.ts";
import {
  type GradientFault,
  lossGradientBound,
  lossSlopes,
  type SlopeInstance,
  slopeInstance,
} from "./laws/lossGradients.ts";

/** A sample at which the gradient of a loss is not that of its values, in plain numbers. */
export interface LossCounterexample extends PlainCase {
  /** Samples of the batch; with a single sample the loss is wrong on its own. */
  readonly batch: number;
  /** Derivative of the value along a random direction of the parameters: by the gradient, and as the difference quotient. */
  readonly byGradient: number;
  readonly byQuotient: number;
}

/** Key and number of samples of a batch of random instances. */
export type Batch = readonly [key: Tensor, n: number];

/** Sizes of batches that are tried first, and instances of each. */
const [small, tries] = [[1, 2], 16] as const;

/**
 * The simplest sample at which the gradient of a loss is not its difference quotient: in a batch as small as possible, with few digits.
 *
 * @param found batches to search after the small ones: keys and numbers of samples
 * @returns undefined if there is none
 */
export function lossCounterexample(loss: AnyLoss, found: readonly Batch[]): LossCounterexample | undefined {
  const few = small.map((n) => Array.from({ length: tries }, (_, i): Batch => [key(i), n]));
  for (const batches of [...few, found]) {
    const failing = batches.flatMap(([batchKey, n]) => {
      const instance = slopeInstance(new Draws(batchKey), n);
      const row = conformanceGaps(loss, instance).findIndex((gap) => !(gap <= lossGradientBound));
      return row >= 0 ? [{ instance, row }] : [];
    });
    const [first] = failing.sort((a, b) => a.instance.dim - b.instance.dim);
    if (first) return simplest(loss, first.instance, first.row);
  }
  return undefined;
}

/** Largest error of a difference quotient that excuses a gap. */
const coarsest = 1e-6;

/**
 * The gaps between the gradients of a loss and its difference quotients, as far as the quotients resolve them: gaps that the estimated
 * error of a quotient explains are 0.
 */
export function conformanceGaps(loss: AnyLoss, instance: SlopeInstance, fault?: GradientFault): Float64Array {
  const { byGradient, byQuotient, resolution } = lossSlopes(loss, instance, fault);
  const sizes = byQuotient.dataSync();
  return rowGaps(byGradient, byQuotient).map((gap, i) => {
    const excused = Math.min(resolution[i] / Math.max(1, Math.abs(sizes[i])), coarsest);
    return gap <= excused ? 0 : gap;
  });
}

/** A failing row with its point and times made as simple as possible. */
function simplest(loss: AnyLoss, instance: SlopeInstance, row: number): LossCounterexample {
  const { xs, s, r, t } = instance.samples;
  const pick = (x: Tensor): number[] => [...x.slice(row).dataSync()];
  const start = { x: pick(xs), s: pick(s)[0], r: pick(r)[0], t: pick(t)[0] };
  const isFailing = (one: PlainCase): boolean => {
    if (!(one.s <= one.r && one.r <= one.t)) return false;
    try {
      return !(conformanceGaps(loss, withRow(instance, row, one))[row] <= lossGradientBound);
    } catch {
      return false; // the loss refuses these times
    }
  };
  const found = shrink(start, isFailing, [0, 1]);
  const { byGradient, byQuotient } = lossSlopes(loss, withRow(instance, row, found));
  const [gradient, quotient] = [byGradient, byQuotient].map((slopes) => slopes.dataSync()[row]);
  return { ...found, batch: xs.shape[0], byGradient: gradient, byQuotient: quotient };
}

/** An instance with another point and other times in one row; v is the teacher's velocity there. */
function withRow(instance: SlopeInstance, row: number, { x, s, r, t }: PlainCase): SlopeInstance {
  const { samples } = instance;
  const put = (into: Tensor, values: readonly number[]): Tensor => {
    const data = Float64Array.from(into.dataSync());
    data.set(values, row * values.length);
    return fromData(data, into.shape);
  };
  const [xs, start] = [put(samples.xs, x), put(samples.s, [s])];
  const times = { s: start, r: put(samples.r, [r]), t: put(samples.t, [t]) };
  return { ...instance, samples: { ...samples, ...times, xs, v: samples.teacher(xs, start) } };
}

/** Few digits of a number. */
const digits = (value: number): string => String(Number(value.toPrecision(6)));

/** A counterexample in words: `batch 1, x = (0, 0), s = 0, t = 1: 2 by the gradient, 1 by the difference quotient`. */
export const formatLossCase = ({ batch, x, s, t, byGradient, byQuotient }: LossCounterexample): string =>
  `batch ${batch}, x = (${x.map(digits).join(", ")}), s = ${digits(s)}, t = ${digits(t)}: ${digits(byGradient)} by the gradient, ${digits(byQuotient)} by the difference quotient`;

import {
  add,
  atan,
  DomainError,
  div,
  erf,
  erfInv,
  exp,
  foldIn,
  gather,
  iota,
  less,
  log,
  mul,
  mustBe,
  mustBeOneOf,
  normal,
  quote,
  randint,
  sigmoid,
  sub,
  type Tensor,
  type TensorLike,
  tensor,
  uniform,
  where,
} from "@pushforward/tensor";
import { ddpmTimes } from "./ddpmTimes.ts";
import { karrasTime } from "./karrasTimes.ts";
import type { StartLaw } from "./timeLaws.ts";

/** Inputs of a sampler: a key, and the batch and dtype of the column [batch, 1]. */
export interface Draw {
  readonly key: Tensor;
  readonly batch: number;
  readonly dtype: "float64" | "float32";
  /** Stage of the training. */
  readonly stage: TensorLike;
  /** Updates done. */
  readonly step: TensorLike;
  /** Part of the training that is done. */
  readonly progress: TensorLike;
}

/** Independent uniform numbers in [0, 1); every use has its own stream. */
export const uniformColumn = ({ key, batch, dtype }: Draw, stream: number): Tensor =>
  uniform(foldIn(key, stream), [batch, 1], { dtype });

/** Normal numbers. */
function normalColumn({ key, batch, dtype }: Draw, stream: number, law: { mean: number; std: number }): Tensor {
  const { mean, std } = checkNormal(law);
  return normal(foldIn(key, stream), [batch, 1], { dtype }).mul(std).add(mean);
}

/** @throws DomainError unless the mean is finite and the deviation finite and at least 0 */
export function checkNormal({ mean, std }: { mean: number; std: number }): { mean: number; std: number } {
  if (Number.isFinite(mean) && typeof std === "number" && std >= 0 && Number.isFinite(std)) return { mean, std };
  throw new DomainError(
    `sampleTimes: a logit-normal law needs a finite mean and a finite std ≥ 0, got ${mean} and ${std}`,
  );
}

/**
 * Numbers of a normal law between two bounds, by its quantiles.
 *
 *   mean + std·√2·erf⁻¹(a + u·(b − a)),     a, b = erf of the bounds over √2,  u uniform
 */
export function normalBetween(
  draw: Draw,
  stream: number,
  law: { mean: number; std: number },
  [least, most]: readonly [number, number],
): Tensor {
  const { mean, std } = checkNormal(law);
  const [a, b] = [least, most].map((bound) => erf(((bound - mean) / std) * Math.SQRT1_2));
  const place = add(a, mul(sub(b, a), uniformColumn(draw, stream))).cast(draw.dtype);
  return erfInv(place)
    .mul(std * Math.SQRT2)
    .add(mean);
}

/** sigmoid of N(mean, std²). */
export const logitNormalColumn = (draw: Draw, stream: number, law: { mean: number; std: number }): Tensor =>
  sigmoid(normalColumn(draw, stream, law));

/** Whole numbers in [0, count), int32. */
export const indexColumn = ({ key, batch }: Draw, stream: number, count: number): Tensor =>
  randint(foldIn(key, stream), [batch, 1], 0, count);

/** Entries of a table of plain numbers at the given indices. */
export const entries = ({ dtype }: Draw, table: readonly number[], index: Tensor): Tensor =>
  gather(tensor(table, { dtype }), index);

/** Uniform from min to max. */
function between(draw: Draw, stream: number, { min = 0, max = 1 }: { min?: number; max?: number }): Tensor {
  for (const [name, value] of Object.entries({ min, max }))
    mustBe("sampleTimes", `${name} of a range`, value, "number");
  if (!(min >= 0 && min <= max && max <= 1)) {
    throw new DomainError(`sampleTimes: a range must have 0 ≤ min ≤ max ≤ 1, got ${min} and ${max}`);
  }
  const unit = uniformColumn(draw, stream);
  return min === 0 && max === 1 ? unit : unit.mul(max - min).add(min);
}

/** Times of steps of Stable Diffusion's schedule, below another bound after the updates of `anneal`. */
function ddpmColumn(draw: Draw, stream: number, law: Extract<StartLaw, { kind: "ddpm" }>): Tensor {
  const { from = 0, to = ddpmTimes.length, anneal } = law;
  checkSteps(from, to);
  if (anneal === undefined) return entries(draw, ddpmTimes.slice(from, to), indexColumn(draw, stream, to - from));
  mustBe("sampleTimes", "anneal of ddpm", anneal, "object");
  checkSteps(from, anneal.to);
  checkCount("ddpm", "the updates before annealing", anneal.after);
  const [wide, narrow] = [to, anneal.to].map((bound) => indexColumn(draw, stream, bound - from));
  return entries(draw, ddpmTimes.slice(from), where(less(draw.step, anneal.after), wide, narrow));
}

function checkSteps(from: number, to: number): void {
  if (Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from < to && to <= ddpmTimes.length) return;
  throw new DomainError(
    `sampleTimes: steps of ddpm must be whole numbers 0 ≤ from < to ≤ ${ddpmTimes.length}, got ${quote(from)} and ${quote(to)}`,
  );
}

/** Tolerance of the sum of fractions, because thirds are not exact in binary. */
const fractionTolerance = 1e-9;

/** Streams of the parts of a mixture begin here. */
const partStreams = 16;

/**
 * A law for each of consecutive rows. Row i of n has the place (i + U)/n, with one U for the batch, among the parts of [0, 1]: where
 * fraction·n is a whole number, every batch has exactly so many rows of a part.
 */
function mixtureColumn(draw: Draw, stream: number, { parts }: Extract<StartLaw, { kind: "mixture" }>): Tensor {
  mustBe("sampleTimes", "parts of mixture", parts, "list");
  for (const part of parts) {
    mustBe("sampleTimes", "a part of mixture", part, "object");
    checkUnit("a fraction of mixture", part.fraction);
  }
  const total = parts.reduce((sum, { fraction }) => sum + fraction, 0);
  if (Math.abs(total - 1) > fractionTolerance) {
    throw new DomainError(`sampleTimes: the fractions of mixture must add up to 1, got ${total}`);
  }
  const { key, batch, dtype } = draw;
  const own = { ...draw, key: foldIn(key, partStreams + stream) };
  const place = iota([batch, 1], 0)
    .cast(dtype)
    .add(uniform(foldIn(own.key, 0), [], { dtype }));
  return parts.reduceRight<readonly [Tensor | null, number]>(
    ([later, before], { fraction, law }, i) => {
      const start = before - fraction;
      const times = startColumn(own, law, i + 1);
      // Half a row of tolerance would move a row; sums of fractions are wrong by far less.
      const isHere = later && less(place, (start + fraction) * batch - fractionTolerance);
      return [later && isHere ? where(isHere, times, later) : times, start];
    },
    [null, total],
  )[0] as Tensor;
}

/** The samplers of one time by kind. */
const startLaws: {
  readonly [K in StartLaw["kind"]]: (draw: Draw, stream: number, law: Extract<StartLaw, { kind: K }>) => Tensor;
} = {
  uniform: between,
  logitNormal: logitNormalColumn,
  arctan: (draw, stream, law) => atan(exp(normalColumn(draw, stream, law))).mul(2 / Math.PI),
  karras: (draw, stream, law) => karrasTime(between(draw, stream, law)),
  shifted: (draw, stream, { shift }) => {
    if (!(typeof shift === "number" && shift > 0 && Number.isFinite(shift)))
      throw new DomainError(`sampleTimes: shift of shifted must be positive and finite, got ${quote(shift)}`);
    const u = uniformColumn(draw, stream);
    return div(u, sub(shift, u.mul(shift - 1)));
  },
  uShaped: (draw, stream, { rate }) => {
    if (!(typeof rate === "number" && rate > 0 && Number.isFinite(rate)))
      throw new DomainError(`sampleTimes: rate of uShaped must be positive and finite, got ${quote(rate)}`);
    // One uniform number: its half chooses the end, its place in the half the distance from the other end.
    const both = uniformColumn(draw, stream).mul(2);
    const isLate = less(both, 1);
    const place = where(isLate, both, both.sub(1));
    const near = log(place.mul(Math.expm1(rate)).add(1)).div(rate);
    return where(isLate, near, sub(1, near));
  },
  grid: (draw, stream, { steps }) => {
    checkCount("grid", "steps", steps);
    return indexColumn(draw, stream, steps).cast(draw.dtype).div(steps);
  },
  ddpm: ddpmColumn,
  mixture: mixtureColumn,
};

/** One time for every row. */
export function startColumn(draw: Draw, law: StartLaw, stream = 0): Tensor {
  const sampler = choose("start", startLaws, law) as (draw: Draw, stream: number, law: StartLaw) => Tensor;
  return sampler(draw, stream, law);
}

/** The entry of a table for the kind of a law. */
export function choose<T extends object>(what: string, table: T, law: { readonly kind: string }): T[keyof T] {
  mustBe("sampleTimes", `the law of ${what}`, law, "object");
  const { kind } = law;
  if (typeof kind === "string" && Object.hasOwn(table, kind)) return table[kind as keyof T];
  throw new DomainError(`sampleTimes: ${what} ${mustBeOneOf(kind, Object.keys(table))}`);
}

/** @throws DomainError unless a number is in [0, 1] */
export function checkUnit(what: string, value: number): void {
  if (typeof value === "number" && value >= 0 && value <= 1) return;
  throw new DomainError(`sampleTimes: ${what} must be in [0, 1], got ${quote(value)}`);
}

/** @throws DomainError unless a number is whole and positive */
export function checkCount(kind: string, what: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new DomainError(`sampleTimes: ${what} of ${kind} must be a positive whole number, got ${quote(value)}`);
}

import {
  DomainError,
  div,
  foldIn,
  fullLike,
  gather,
  iota,
  keys,
  less,
  maximum,
  minimum,
  mul,
  mustBe,
  mustBeOneOf,
  normal,
  onesLike,
  optionsOf,
  pow,
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
import { karrasTime, karrasTimes } from "./karrasTimes.ts";
import type { MiddleLaw, PairLaw, StartLaw, TimeLaw } from "./timeLaws.ts";

/** Drawn times, each [batch, 1]. */
export interface Times {
  readonly s: Tensor;
  readonly t: Tensor;
  readonly r?: Tensor;
  readonly delta?: Tensor;
}

/** Options of sampleTimes. */
export interface SampleTimesOptions {
  /** Default float64. */
  readonly dtype?: "float64" | "float32";
  /** Stage of the training, for laws that depend on the stage; default 0. */
  readonly stage?: TensorLike;
}

/** Inputs of a sampler: a key, and the batch and dtype of the column [batch, 1]. */
interface Draw {
  readonly key: Tensor;
  readonly batch: number;
  readonly dtype: "float64" | "float32";
  readonly stage: TensorLike;
}

/** Independent uniform numbers in [0, 1); every use has its own stream. */
const uniformColumn = ({ key, batch, dtype }: Draw, stream: number): Tensor =>
  uniform(foldIn(key, stream), [batch, 1], { dtype });

/** sigmoid of N(mean, std²). */
function logitNormalColumn(
  { key, batch, dtype }: Draw,
  stream: number,
  { mean, std }: { mean: number; std: number },
): Tensor {
  if (!Number.isFinite(mean) || !(typeof std === "number" && std >= 0 && Number.isFinite(std))) {
    throw new DomainError(
      `sampleTimes: a logit-normal law needs a finite mean and a finite std ≥ 0, got ${mean} and ${std}`,
    );
  }
  return sigmoid(normal(foldIn(key, stream), [batch, 1], { dtype }).mul(std).add(mean));
}

/** Whole numbers in [0, count), int32. */
const indexColumn = ({ key, batch }: Draw, stream: number, count: number): Tensor =>
  randint(foldIn(key, stream), [batch, 1], 0, count);

/** Entries of a table of plain numbers at the given indices. */
const entries = ({ dtype }: Draw, table: readonly number[], index: Tensor): Tensor =>
  gather(tensor(table, { dtype }), index);

const sorted = (a: Tensor, b: Tensor): Times => ({ s: minimum(a, b), t: maximum(a, b) });

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

/** The samplers of one time by kind. */
const startLaws: {
  readonly [K in StartLaw["kind"]]: (draw: Draw, stream: number, law: Extract<StartLaw, { kind: K }>) => Tensor;
} = {
  uniform: between,
  logitNormal: logitNormalColumn,
  karras: (draw, stream, law) => karrasTime(between(draw, stream, law)),
};

function startColumn(draw: Draw, law: StartLaw, stream = 0): Tensor {
  const sampler = choose("start", startLaws, law) as (draw: Draw, stream: number, law: StartLaw) => Tensor;
  return sampler(draw, stream, law);
}

function checkUnit(what: string, value: number): void {
  if (typeof value === "number" && value >= 0 && value <= 1) return;
  throw new DomainError(`sampleTimes: ${what} must be in [0, 1], got ${quote(value)}`);
}

function checkCount(kind: string, what: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new DomainError(`sampleTimes: ${what} of ${kind} must be a positive whole number, got ${quote(value)}`);
}

/**
 * The first rows of a batch, whose expected fraction is `fraction`. MeanFlow's code also takes the first rows rather than random
 * rows. If fraction·batch is a whole number, every batch has exactly this number of rows. Otherwise the number of rows is rounded
 * up or down at random.
 */
function firstRows(draw: Draw, fraction: number): Tensor {
  const upTo = (count: number): Tensor => less(iota([draw.batch, 1], 0), count);
  const wanted = fraction * draw.batch;
  const nearest = Math.round(wanted);
  if (Math.abs(wanted - nearest) < 1e-9) return upTo(nearest);
  const below = Math.floor(wanted);
  const isMore = less(uniform(foldIn(draw.key, 2), [], { dtype: draw.dtype }), wanted - below);
  return where(isMore, upTo(below + 1), upTo(below));
}

/** The samplers of pairs by kind; grids also give the step to the next level. */
export const pairLaws: {
  readonly [K in PairLaw["kind"]]: (draw: Draw, law: Extract<PairLaw, { kind: K }>) => Times;
} = {
  uniformTriangle: (draw) => sorted(uniformColumn(draw, 0), uniformColumn(draw, 1)),
  logitNormalPair: (draw, law) => sorted(logitNormalColumn(draw, 0, law), logitNormalColumn(draw, 1, law)),
  intervalLogitNormal: (draw, law) => {
    const length = logitNormalColumn(draw, 0, law);
    const s = uniformColumn(draw, 1).mul(sub(1, length));
    return { s, t: s.add(length) };
  },
  diagonal: (draw, { start }) => {
    const s = startColumn(draw, start);
    return { s, t: s };
  },
  diagonalMix: (draw, { fraction, law }) => {
    checkUnit("fraction of diagonalMix", fraction);
    if (law?.kind === "diagonalMix") {
      // One choice of rows for both laws, because the first rows of both laws would coincide.
      checkUnit("fraction of diagonalMix", law.fraction);
      return pairLaws.diagonalMix(draw, { ...law, fraction: fraction + (1 - fraction) * law.fraction });
    }
    const onDiagonal = firstRows(draw, fraction);
    const { s, t, ...step } = drawPair(draw, law);
    return { s, t: where(onDiagonal, s, t), ...step };
  },
  dyadic: (draw, { base }) => {
    const depth = Math.log2(base);
    checkCount("dyadic", "log₂(base)", depth);
    const k = indexColumn(draw, 0, depth);
    const parts = entries(
      draw,
      Array.from({ length: depth }, (_, i) => 2 ** i),
      k,
    );
    const s = uniformColumn(draw, 1).mul(parts).floor().div(parts);
    const lengths = entries(
      draw,
      Array.from({ length: depth }, (_, i) => 2 ** -i),
      k,
    );
    return { s, t: s.add(lengths) };
  },
  fixedEnd: (draw, { start, end = 1 }) => {
    checkUnit("end of fixedEnd", end);
    const s = startColumn(draw, start).mul(end);
    return { s, t: fullLike(s, end) };
  },
  grid: (draw, { steps, end }) => {
    checkCount("grid", "steps", steps);
    checkUnit("end of grid", end ?? 1);
    const i = indexColumn(draw, 0, steps);
    const level = (from: number): Tensor =>
      entries(
        draw,
        Array.from({ length: steps }, (_, j) => (j + from) / steps),
        i,
      );
    const [s, next] = [level(0), level(1)];
    return { s, t: end === undefined ? next : fullLike(s, end), delta: next.sub(s) };
  },
  halvingGrid: (draw, { steps }) => {
    checkCount("halvingGrid", "steps", steps);
    // Powers of ½ are exact, also in float32, for any number of stages.
    const count = maximum(1, mul(steps, pow(tensor(0.5, { dtype: draw.dtype }), draw.stage)).floor());
    const i = minimum(uniformColumn(draw, 0).mul(count).floor(), count.sub(1));
    return { s: i.div(count), t: i.add(1).div(count), delta: div(onesLike(i), count) };
  },
  karrasGrid: (draw, { levels, ...shape }) => {
    checkCount("karrasGrid", "levels − 1", levels - 1);
    const times = karrasTimes(levels, shape);
    const i = indexColumn(draw, 0, levels - 1);
    const [s, next] = [entries(draw, times.slice(0, -1), i), entries(draw, times.slice(1), i)];
    return { s, t: fullLike(s, 1), delta: next.sub(s) };
  },
  square: (draw) => ({ s: uniformColumn(draw, 0), t: uniformColumn(draw, 1) }),
  starts: (draw, { starts, end }) => {
    mustBe("sampleTimes", "starts of starts", starts, "list");
    checkCount("starts", "the number of starts", starts.length);
    for (const start of starts) checkUnit("a start of starts", start);
    return { s: entries(draw, starts, indexColumn(draw, 0, starts.length)), t: startColumn(draw, end, 1) };
  },
};

/** The samplers of r by kind. */
export const middleLaws: {
  readonly [K in MiddleLaw["kind"]]: (draw: Draw, pair: Times, law: Extract<MiddleLaw, { kind: K }>) => Tensor;
} = {
  uniform: (draw, { s, t }) => s.add(uniformColumn(draw, 0).mul(t.sub(s))),
  midpoint: (_, { s, t }) => s.add(t).mul(0.5),
  nearStart: (_, { s, t }, { fraction }) => {
    checkUnit("fraction of nearStart", fraction);
    return s.add(t.sub(s).mul(fraction));
  },
  nearEnd: (_, { s, t }, { fraction }) => {
    checkUnit("fraction of nearEnd", fraction);
    return t.sub(t.sub(s).mul(fraction));
  },
};

/** The entry of a table for the kind of a law. */
function choose<T extends object>(what: string, table: T, law: { readonly kind: string }): T[keyof T] {
  mustBe("sampleTimes", `the law of ${what}`, law, "object");
  const { kind } = law;
  if (typeof kind === "string" && Object.hasOwn(table, kind)) return table[kind as keyof T];
  throw new DomainError(`sampleTimes: ${what} ${mustBeOneOf(kind, Object.keys(table))}`);
}

function drawPair(draw: Draw, law: PairLaw): Times {
  const sampler = choose("kind", pairLaws, law) as (draw: Draw, law: PairLaw) => Times;
  return sampler(draw, law);
}

function drawMiddle(draw: Draw, pair: Times, law: MiddleLaw): Tensor {
  const sampler = choose("middle", middleLaws, law) as (draw: Draw, pair: Times, law: MiddleLaw) => Tensor;
  // Rounding must not move r past s or t, in either order of s and t.
  const [early, late] = [minimum(pair.s, pair.t), maximum(pair.s, pair.t)];
  return maximum(early, minimum(late, sampler(draw, pair, law)));
}

/**
 * Draws times from a key: s and t, and r and delta if the law has them. The function consists of tensor operations, so it
 * compiles.
 *
 * @returns each [batch, 1]
 * @throws  DomainError for an unknown kind or a parameter out of range
 */
export function sampleTimes(key: Tensor, batch: number, law: TimeLaw, options: SampleTimesOptions = {}): Times {
  const { dtype = "float64", stage = 0 } = optionsOf("sampleTimes", options);
  mustBe("sampleTimes", "the law", law, "object");
  const { margin = 0, middle, delta } = law;
  if (!Number.isInteger(batch) || batch < 0) {
    throw new DomainError(`sampleTimes: batch must be a whole number ≥ 0, got ${quote(batch)}`);
  }
  if (delta !== undefined && !(typeof delta === "number" && delta > 0 && Number.isFinite(delta))) {
    throw new DomainError(`sampleTimes: delta must be positive and finite, got ${quote(delta)}`);
  }
  if (!(typeof margin === "number" && margin >= 0 && margin < 0.5))
    throw new DomainError(`sampleTimes: margin must be in [0, 0.5), got ${quote(margin)}`);
  const [pairKey, middleKey] = keys(key);
  const drawn = drawPair({ key: pairKey, batch, dtype, stage }, law);
  const pair: Times =
    margin === 0 ? drawn : { s: drawn.s.mul(1 - 2 * margin).add(margin), t: drawn.t.mul(1 - 2 * margin).add(margin) };
  const step = delta === undefined ? drawn.delta?.mul(1 - 2 * margin) : fullLike(pair.s, delta);
  return {
    s: pair.s,
    t: pair.t,
    ...(middle !== undefined && { r: drawMiddle({ key: middleKey, batch, dtype, stage }, pair, middle) }),
    ...(step && { delta: step }),
  };
}

import {
  add,
  ceil,
  DomainError,
  div,
  erf,
  erfInv,
  exp,
  foldIn,
  full,
  fullLike,
  greater,
  greaterEqual,
  iota,
  less,
  log,
  maximum,
  minimum,
  mul,
  mustBe,
  mustBeOneOf,
  onesLike,
  optionsOf,
  pow,
  sigmoid,
  sqrt,
  sub,
  sum,
  type Tensor,
  type TensorLike,
  tensor,
  uniform,
  where,
  zeros,
} from "@pushforward/tensor";
import { karrasLogarithms, karrasPlace, karrasTime, karrasTimes } from "./karrasTimes.ts";
import {
  checkCount,
  checkNormal,
  checkUnit,
  choose,
  type Draw,
  entries,
  indexColumn,
  logitNormalColumn,
  normalBetween,
  startColumn,
  uniformColumn,
} from "./startTimes.ts";
import type { PairLaw } from "./timeLaws.ts";

/** Drawn times, each [batch, 1]. */
export interface Times {
  readonly s: Tensor;
  readonly t: Tensor;
  readonly r?: Tensor;
  readonly delta?: Tensor;
  /** Start times of the steps of a simulation before the last one, whose start is s. */
  readonly before?: readonly Tensor[];
}

const sorted = (a: Tensor, b: Tensor): Times => ({ s: minimum(a, b), t: maximum(a, b) });

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

/**
 * A logit-normal time that is at least another one: the quantile of the upper tail of a normal law.
 *
 *   t = σ(mean + std·z),     z = √2·erf⁻¹(1 − u·(1 − erf(z₀/√2))),     z₀ = (logit(least) − mean)/std,  u uniform
 */
function timeAfter(draw: Draw, stream: number, least: Tensor, law: { mean: number; std: number }): Tensor {
  const { mean, std } = checkNormal(law);
  const lowest = log(div(least, sub(1, least)))
    .sub(mean)
    .div(std);
  const tail = sub(1, erf(lowest.mul(Math.SQRT1_2)));
  const z = erfInv(sub(1, uniformColumn(draw, stream).mul(tail))).mul(Math.SQRT2);
  return maximum(least, sigmoid(z.mul(std).add(mean)));
}

const fullColumn = ({ batch, dtype }: Draw, value: number): Tensor => full([batch, 1], value, { dtype });

/** A whole number k from 1 to most with probability ∝ k, 0-d. */
function jumpOf({ key, dtype }: Draw, most: number): Tensor {
  const total = (most * (most + 1)) / 2;
  const below = tensor(
    Array.from({ length: most - 1 }, (_, k) => ((k + 1) * (k + 2)) / 2 / total),
    { dtype },
  );
  return sum(greaterEqual(uniform(foldIn(key, 0), [], { dtype }), below).cast(dtype)).add(1);
}

/**
 * Steps between the levels of `progressiveKarras` after a part of the training, 0-d.
 *
 *   max(⌈√(p·((to + 1)² − from²) + from²) − 1⌉, 1)
 *
 * @throws DomainError unless 1 ≤ from ≤ to are whole numbers
 * @source Song et al. 2023, appendix C; official code, cm/script_util.py: create_ema_and_scales_fn
 */
export function progressiveSteps(progress: TensorLike, law: { readonly from: number; readonly to: number }): Tensor {
  const { from, to } = optionsOf("progressiveSteps", law);
  checkCount("progressiveKarras", "from", from);
  checkCount("progressiveKarras", "to − from + 1", to - from + 1);
  const squares = add(mul(progress, (to + 1) ** 2 - from ** 2), from ** 2);
  // The last update stays below `to` + 1 levels, as in the code, whose progress is below 1.
  return minimum(to, maximum(1, ceil(sub(sqrt(squares), 1))));
}

/**
 * Steps between the levels of `doublingKarras` after a part of the training, 0-d.
 *
 *   min(from·2^⌊p·(log₂(to/from) + 1)⌋, to)
 *
 * @throws DomainError unless 1 ≤ from ≤ to are whole numbers
 * @source Song and Dhariwal 2023 (iCT), section 3.4
 */
export function doublingSteps(progress: TensorLike, law: { readonly from: number; readonly to: number }): Tensor {
  const { from, to } = optionsOf("doublingSteps", law);
  checkCount("doublingKarras", "from", from);
  checkCount("doublingKarras", "to − from + 1", to - from + 1);
  const doublings = mul(progress, Math.log2(to / from) + 1).floor();
  return minimum(to, mul(from, pow(2, doublings)));
}

/** The samplers of pairs by kind; grids also give the step to the next level. */
export const pairLaws: {
  readonly [K in PairLaw["kind"]]: (draw: Draw, law: Extract<PairLaw, { kind: K }>) => Times;
} = {
  uniformTriangle: (draw) => sorted(uniformColumn(draw, 0), uniformColumn(draw, 1)),
  logitNormalPair: (draw, law) => sorted(logitNormalColumn(draw, 0, law), logitNormalColumn(draw, 1, law)),
  intervalLogitNormal: (draw, law) => {
    const length = logitNormalColumn(draw, 0, law);
    if (law.end !== undefined) {
      const t = timeAfter(draw, 1, length, law.end);
      return { s: maximum(0, t.sub(length)), t };
    }
    const s = uniformColumn(draw, 1).mul(sub(1, length));
    return { s, t: s.add(length) };
  },
  logitNormalAfter: (draw, { least = 0, ...law }) => {
    checkUnit("least of logitNormalAfter", least);
    const s = least === 0 ? logitNormalColumn(draw, 0, law) : timeAfter(draw, 0, fullColumn(draw, least), law);
    return { s, t: timeAfter(draw, 1, s, law) };
  },
  intervalFrom: (draw, { start, toEnd, ...law }) => {
    const s = startColumn(draw, start, 1);
    const t = minimum(1, s.add(logitNormalColumn(draw, 0, law)));
    if (toEnd === undefined) return { s, t };
    mustBe("sampleTimes", "toEnd of intervalFrom", toEnd, "object");
    for (const [name, bound] of Object.entries(toEnd)) checkUnit(`${name} of intervalFrom`, bound);
    return { s, t: where(less(s, toEnd.before), where(greater(t, toEnd.after), 1, t), t) };
  },
  length: (draw, { steps = 1, onGrid = false, order = "sorted" }) => {
    checkCount("length", "steps", steps);
    const length = uniformColumn(draw, 0).div(steps);
    const start = uniformColumn(draw, 1).mul(sub(1, length));
    const s = onGrid ? start.mul(steps).floor().div(steps) : start;
    const t = s.add(length);
    if (order === "sorted") return { s, t };
    if (order !== "either")
      throw new DomainError(`sampleTimes: order of length ${mustBeOneOf(order, ["sorted", "either"])}`);
    const isBack = less(uniformColumn(draw, 2), 0.5);
    return { s: where(isBack, t, s), t: where(isBack, s, t) };
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
  progressiveKarras: (draw, law) => {
    const count = progressiveSteps(draw.progress, law);
    const i = minimum(uniformColumn(draw, 0).mul(count).floor(), sub(count, 1));
    const [s, next] = [i, i.add(1)].map((level) => karrasTime(sub(1, level.div(count))));
    return { s, t: fullLike(s, 1), delta: next.sub(s) };
  },
  doublingKarras: (draw, law) => {
    const count = doublingSteps(draw.progress, law);
    const place = karrasPlace(exp(normalBetween(draw, 0, law, karrasLogarithms)));
    const i = minimum(place.mul(count).floor(), sub(count, 1));
    const [next, s] = [i, i.add(1)].map((level) => karrasTime(level.div(count)));
    return { s, t: fullLike(s, 1), delta: next.sub(s) };
  },
  noiseRatio: (draw, { start, base, stages, k, b }) => {
    checkCount("noiseRatio", "stages", stages);
    for (const [name, value] of Object.entries({ base, k, b })) mustBe("sampleTimes", name, value, "number");
    if (!(base > 1)) throw new DomainError(`sampleTimes: base of noiseRatio must be above 1, got ${base}`);
    const s = startColumn(draw, start);
    const noise = sub(1, s).div(s);
    const stage = minimum(mul(draw.progress, stages).floor(), stages - 1);
    const part = pow(base, stage.add(1).mul(-1)).cast(draw.dtype);
    const kept = maximum(0, sub(1, sigmoid(noise.mul(-b)).mul(k).add(1).mul(part)));
    const next = div(1, noise.mul(kept).add(1));
    return { s, t: fullLike(s, 1), delta: next.sub(s) };
  },
  karrasJumps: (draw, { levels }) => {
    checkCount("karrasJumps", "levels − 1", levels - 1);
    const times = karrasTimes(levels);
    const jump = jumpOf(draw, levels - 1);
    const among = (stream: number, count: TensorLike): Tensor =>
      minimum(uniformColumn(draw, stream).mul(count).floor(), sub(count, 1));
    const i = among(1, sub(levels, jump));
    const j = i.add(jump);
    const end = j.add(among(2, sub(levels, j)));
    const [s, r, t] = [i, j, end].map((level) => entries(draw, times, level.cast("int32")));
    return { s, r, t };
  },
  square: (draw) => ({ s: uniformColumn(draw, 0), t: uniformColumn(draw, 1) }),
  simulated: (draw, { steps, start, end }) => {
    checkCount("simulated", "steps", steps);
    // A simulation of fewer steps makes noise anew at 0 first.
    const count = indexColumn(draw, 0, steps);
    const chain: Tensor[] = [zeros([draw.batch, 1], { dtype: draw.dtype })];
    for (let i = 1; i < steps; i++) {
      const next = maximum(chain[i - 1], startColumn(draw, start, i + 1));
      chain.push(where(less(count, steps - i), chain[i - 1], next));
    }
    return { s: chain[steps - 1], t: startColumn(draw, end, 1), before: chain.slice(0, -1) };
  },
  starts: (draw, { starts, end }) => {
    mustBe("sampleTimes", "starts of starts", starts, "list");
    checkCount("starts", "the number of starts", starts.length);
    for (const start of starts) checkUnit("a start of starts", start);
    return { s: entries(draw, starts, indexColumn(draw, 0, starts.length)), t: startColumn(draw, end, 1) };
  },
};

/** Draws s and t, and further times that the law has. */
export function drawPair(draw: Draw, law: PairLaw): Times {
  const sampler = choose("kind", pairLaws, law) as (draw: Draw, law: PairLaw) => Times;
  return sampler(draw, law);
}

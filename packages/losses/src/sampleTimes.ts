import {
  asTensor,
  DomainError,
  fullLike,
  keys,
  maximum,
  minimum,
  mul,
  mustBe,
  optionsOf,
  quote,
  sub,
  type Tensor,
  type TensorLike,
  treeMap,
} from "@pushforward/tensor";
import { checkGroupSize, repeatInGroups } from "./groups.ts";
import { drawPair, type Times } from "./pairLaws.ts";
import { type Scheduled, scheduleAt } from "./schedule.ts";
import { checkUnit, choose, type Draw, uniformColumn } from "./startTimes.ts";
import type { MiddleLaw, TimeLaw } from "./timeLaws.ts";

/** Options of sampleTimes. */
export interface SampleTimesOptions {
  /** Default float64. */
  readonly dtype?: "float64" | "float32";
  /** Stage of the training, for laws that depend on the stage; default 0. */
  readonly stage?: TensorLike;
  /** Updates done, for laws that change with them; default 0. */
  readonly step?: TensorLike;
  /** Part of the training that is done, from 0 to 1, for laws that change with it; default 1, the law of its end. */
  readonly progress?: TensorLike;
  /** Number of consecutive rows with the same times; default 1. */
  readonly group?: number;
}

/** A fraction in [0, 1] after a part of the training, in the dtype of the times. */
function fractionOf(kind: string, { progress, dtype }: Draw, fraction: Scheduled): TensorLike {
  if (typeof fraction !== "object") checkUnit(`fraction of ${kind}`, fraction);
  const value = scheduleAt(fraction, progress);
  return typeof value === "object" ? asTensor(value).cast(dtype) : value;
}

/** The samplers of r by kind. */
export const middleLaws: {
  readonly [K in MiddleLaw["kind"]]: (draw: Draw, pair: Times, law: Extract<MiddleLaw, { kind: K }>) => Tensor;
} = {
  uniform: (draw, { s, t }) => s.add(uniformColumn(draw, 0).mul(t.sub(s))),
  midpoint: (_, { s, t }) => s.add(t).mul(0.5),
  nearStart: (draw, { s, t }, { fraction }) => s.add(t.sub(s).mul(fractionOf("nearStart", draw, fraction))),
  nearEnd: (draw, { s, t }, { fraction }) => t.sub(t.sub(s).mul(fractionOf("nearEnd", draw, fraction))),
  noiseDecrement: (_, { s }, { decrement }) => {
    if (!(typeof decrement === "number" && decrement > 0 && Number.isFinite(decrement)))
      throw new DomainError(
        `sampleTimes: decrement of noiseDecrement must be positive and finite, got ${quote(decrement)}`,
      );
    // (1 − r)/r = (1 − s)/s − decrement, and at least 0
    return s.div(maximum(s, sub(1, mul(decrement, s))));
  },
};

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
  const { dtype = "float64", stage = 0, step = 0, progress = 1, group = 1 } = optionsOf("sampleTimes", options);
  mustBe("sampleTimes", "the law", law, "object");
  const { margin = 0, middle, delta } = law;
  if (!Number.isInteger(batch) || batch < 0) {
    throw new DomainError(`sampleTimes: batch must be a whole number ≥ 0, got ${quote(batch)}`);
  }
  checkGroupSize("sampleTimes", group);
  if (batch % group !== 0) {
    throw new DomainError(`sampleTimes: batch must be a multiple of the group of ${group} samples, got ${batch}`);
  }
  if (delta !== undefined && !(typeof delta === "number" && delta > 0 && Number.isFinite(delta))) {
    throw new DomainError(`sampleTimes: delta must be positive and finite, got ${quote(delta)}`);
  }
  if (!(typeof margin === "number" && margin >= 0 && margin < 0.5))
    throw new DomainError(`sampleTimes: margin must be in [0, 0.5), got ${quote(margin)}`);
  const [pairKey, middleKey] = keys(key);
  const draw = { batch: batch / group, dtype, stage, step, progress };
  const drawn = drawPair({ ...draw, key: pairKey }, law);
  const within = (time: Tensor): Tensor => (margin === 0 ? time : time.mul(1 - 2 * margin).add(margin));
  const pair: Times = { s: within(drawn.s), t: within(drawn.t) };
  const r = middle === undefined ? drawn.r && within(drawn.r) : drawMiddle({ ...draw, key: middleKey }, pair, middle);
  const length = delta === undefined ? drawn.delta?.mul(1 - 2 * margin) : fullLike(pair.s, delta);
  const before = drawn.before && { before: drawn.before.map(within) };
  const times = { ...pair, ...(r && { r }), ...(length && { delta: length }), ...before };
  return group === 1 ? times : treeMap((time: Tensor) => repeatInGroups(time, group), times);
}

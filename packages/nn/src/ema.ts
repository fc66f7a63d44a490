import {
  add,
  asTensor,
  cast,
  DomainError,
  div,
  expm1,
  flatten,
  isFloat,
  mul,
  optionsOf,
  sub,
  type Tensor,
  type TensorLike,
  treeMap,
  unflatten,
} from "@pushforward/tensor";
import { checkNumber } from "./checkNumber.ts";
import { leavesLike } from "./leavesLike.ts";
import { startStep } from "./optimizers/optimizer.ts";
import type { Schedule } from "./schedules.ts";

/** The running average, and the number of updates so far (0-d). */
export interface EmaState<P> {
  readonly average: P;
  readonly step: Tensor;
}

/** Settings of ema. */
export interface EmaOptions {
  /** Weight of the old average in [0, 1), or a schedule of it; default 0.999. */
  readonly decay?: number | Schedule;
  /** Whether the starting value has weight 0, so that the average has no bias towards the starting value; default false. */
  readonly warmup?: boolean;
}

/** An exponential moving average of a tree. */
export interface Ema {
  init<P>(params: P): EmaState<P>;
  update<P>(state: EmaState<P>, params: P): EmaState<P>;
}

/**
 * Exponential moving average of parameters.
 *
 *   a ← a + (1 − d)(p − a),   d = β
 *   with warm-up              d = β(1 − βᵏ)/(1 − βᵏ⁺¹) after k updates, so that a = Σ β^{k−i} pᵢ / Σ β^{k−i}
 *
 * @throws DomainError for a decay outside [0, 1), or a schedule together with warm-up
 */
export function ema(options: EmaOptions = {}): Ema {
  const { decay = 0.999, warmup = false } = optionsOf("ema", options, "warmup");
  if (typeof decay !== "function") checkNumber("ema", "decay", decay, { from: 0, below: 1 });
  if (typeof decay === "function" && warmup) {
    throw new DomainError("ema: warm-up needs a constant decay, got a schedule; put the warm-up into the schedule");
  }
  const decayAt: Schedule =
    typeof decay === "function" ? decay : warmup && decay > 0 ? unbiased(decay) : () => asTensor(decay);
  return {
    init: (params) => ({ average: treeMap((p: TensorLike) => asTensor(p), params), step: startStep(params) }),
    update: ({ average, step }, params) => {
      const gain = sub(1, decayAt(step));
      return {
        average: nextAverage(average, params, gain),
        step: add(step, 1),
      };
    },
  };
}

function nextAverage<P>(average: P, params: P, gain: Tensor): P {
  const flat = flatten(average, "ema");
  const latest = leavesLike("ema", "the value", flat, params);
  return unflatten(
    flat.structure,
    flat.leaves.map((a, i) => averaged(asTensor(a, "ema"), latest[i], gain)),
  ) as P;
}

/** The next average of one leaf; an int32 or bool leaf is not averaged: its latest value is kept. */
const averaged = (a: Tensor, p: Tensor, gain: Tensor): Tensor =>
  isFloat(a.dtype) ? add(a, mul(cast(gain, a.dtype), sub(p, a))) : p;

/** β(1 − βᵏ)/(1 − βᵏ⁺¹) through expm1: exact where β is close to 1. */
const unbiased =
  (decay: number): Schedule =>
  (step) => {
    const powerMinusOne = (k: TensorLike): Tensor => expm1(mul(k, Math.log(decay)));
    return mul(decay, div(powerMinusOne(step), powerMinusOne(add(step, 1))));
  };

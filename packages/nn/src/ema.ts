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
  mustBe,
  optionsOf,
  quote,
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
  /** Instead of a decay: the number of updates after which a value has half of its weight. */
  readonly halfLife?: number;
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
 *   a ← a + (1 − d)(p − a),   d = β, or d = 2^{−1/h} for the half-life h
 *   with warm-up              d = β(1 − βᵏ)/(1 − βᵏ⁺¹) after k updates, so that a = Σ β^{k−i} pᵢ / Σ β^{k−i}
 *
 * @throws DomainError for a decay outside [0, 1), a half-life that is not positive, both of them, or a schedule together with warm-up
 */
export function ema(options: EmaOptions = {}): Ema {
  const { warmup = false } = optionsOf("ema", options, "warmup");
  const decay = decayOf(options);
  if (typeof decay !== "function") checkNumber("ema", "decay", decay, { from: 0, below: 1 });
  if (typeof decay === "function" && warmup) {
    throw new DomainError("ema: warm-up needs a constant decay, got a schedule; put the warm-up into the schedule");
  }
  const decayAt: Schedule =
    typeof decay === "function" ? decay : warmup && decay > 0 ? unbiased(decay) : () => asTensor(decay);
  return {
    init: (params) => ({ average: treeMap((p: TensorLike) => asTensor(p), params), step: startStep(params) }),
    update: (state, params) => {
      mustBe("ema", "the state", state, "object");
      const { average, step } = state;
      const gain = sub(1, decayAt(step));
      return {
        average: nextAverage(average, params, gain),
        step: add(step, 1),
      };
    },
  };
}

/** The decay that the settings say, directly or by a half-life. */
function decayOf({ decay, halfLife }: EmaOptions): number | Schedule {
  if (halfLife === undefined) return decay ?? 0.999;
  if (decay !== undefined) throw new DomainError("ema: decay and halfLife say the same, got both; leave one out");
  if (!(Number.isFinite(halfLife) && halfLife > 0)) {
    throw new DomainError(`ema: halfLife must be a positive number of updates, got ${quote(halfLife)}`);
  }
  return 2 ** (-1 / halfLife);
}

/** Averages of one tree by name. */
export interface EmaSet<Name extends string> {
  init<P>(params: P): Readonly<Record<Name, EmaState<P>>>;
  update<P>(state: Readonly<Record<Name, EmaState<P>>>, params: P): Readonly<Record<Name, EmaState<P>>>;
}

/**
 * Several averages of the same parameters, such as `emaSet({ short: { halfLife: 100 }, long: { halfLife: 1000 } })`. The state has the same
 * names.
 *
 * @throws DomainError that names the setting of an average
 */
export function emaSet<Name extends string>(settings: Readonly<Record<Name, EmaOptions>>): EmaSet<Name> {
  const names = Object.keys(optionsOf("emaSet", settings)) as Name[];
  const averages = names.map((name) => [name, ema(settings[name])] as const);
  const each = <V>(make: (average: Ema, name: Name) => V): Record<Name, V> =>
    Object.fromEntries(averages.map(([name, average]) => [name, make(average, name)])) as Record<Name, V>;
  return {
    init: (params) => each((average) => average.init(params)),
    update: (state, params) => {
      mustBe("emaSet", "the state", state, "object");
      return each((average, name) => average.update(state[name], params));
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

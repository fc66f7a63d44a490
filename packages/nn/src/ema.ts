import {
  add,
  asTensor,
  cast,
  checkStructure,
  DomainError,
  div,
  expm1,
  flatten,
  formatShape,
  isFloat,
  mul,
  ShapeError,
  sameShape,
  sub,
  type Tensor,
  type TensorLike,
  treeMap,
  unflatten,
} from "@pushforward/tensor";
import { startStep } from "./optimizers/optimizer.ts";
import type { Schedule } from "./schedules.ts";

/** The running average and how many updates it has seen (0-d). */
export interface EmaState<P> {
  readonly average: P;
  readonly step: Tensor;
}

/** Settings of ema. */
export interface EmaOptions {
  /** Weight of the old average in [0, 1), or a schedule of it; default 0.999. */
  readonly decay?: number | Schedule;
  /** Give the starting value no weight: the average is then free of bias towards it; default false. */
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
export function ema({ decay = 0.999, warmup = false }: EmaOptions = {}): Ema {
  if (typeof decay === "number" && !(decay >= 0 && decay < 1)) {
    throw new DomainError(`ema: decay must be in [0, 1), got ${decay}`);
  }
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
        average: mapBoth(average, params, (a, p) => averaged(a, p, gain)),
        step: add(step, 1),
      };
    },
  };
}

/** Two trees of one structure and one shape at each leaf, leaf by leaf. */
function mapBoth<P>(average: P, params: P, f: (a: Tensor, p: Tensor) => Tensor): P {
  const [first, second] = [average, params].map((tree) => flatten(tree, "ema"));
  checkStructure("ema", first, second);
  const leaves = first.leaves.map((leaf, i) => {
    const [a, p] = [leaf, second.leaves[i]].map((each) => asTensor(each, "ema"));
    if (sameShape(a.shape, p.shape)) return f(a, p);
    const place = first.paths[i] === "" ? "the parameters" : `leaf "${first.paths[i]}"`;
    throw new ShapeError(
      `ema: ${place} must keep the shape of the average, ${formatShape(a.shape)}, got ${formatShape(p.shape)}`,
    );
  });
  return unflatten(first.structure, leaves) as P;
}

/** The next average; a leaf of integers or booleans has none, and is the latest. */
const averaged = (a: Tensor, p: Tensor, gain: Tensor): Tensor =>
  isFloat(a.dtype) ? add(a, mul(cast(gain, a.dtype), sub(p, a))) : p;

/** β(1 − βᵏ)/(1 − βᵏ⁺¹) through expm1: exact where β is close to 1. */
const unbiased =
  (decay: number): Schedule =>
  (step) => {
    const powerMinusOne = (k: TensorLike): Tensor => expm1(mul(k, Math.log(decay)));
    return mul(decay, div(powerMinusOne(step), powerMinusOne(add(step, 1))));
  };

import type { Guidance, GuidanceWeights, Recipe } from "@pushforward/losses";
import {
  add,
  DomainError,
  div,
  exp,
  greater,
  less,
  mul,
  pow,
  sub,
  type Tensor,
  type TensorLike,
  uniform,
  where,
} from "@pushforward/tensor";
import type { Problem } from "../problems/problem.ts";
import { asIs, type Naming } from "../settings/parseSettings.ts";
import type { AppliedNetwork } from "./appliedNetwork.ts";

/**
 * Scales of a guidance that networks take as an input, [n, 1]: from 1 to `max`, with a density in proportion to ω^(−power).
 *
 *   ω = (1 + U·(max^(1 − power) − 1))^(1/(1 − power)),   max^U for the power 1,   U uniform
 *
 * @source Geng et al. 2025 (improved MeanFlow), arXiv 2512.02012
 */
export function drawScales(max: number, power: number, key: Tensor, n: number, dtype: "float64" | "float32"): Tensor {
  const draws = uniform(key, [n, 1], { dtype });
  const rest = 1 - power;
  if (rest === 0) return exp(mul(draws, Math.log(max)));
  return pow(add(1, mul(draws, max ** rest - 1)), 1 / rest);
}

/** Whether the student and auxiliary networks of a training take the scale of a guidance as an input. */
export const takesScales = ({ guidance }: Pick<Recipe, "guidance">, { classes }: Pick<Problem, "classes">): boolean =>
  guidance?.max !== undefined && classes !== undefined;

/** Whether networks that take scales up to `max` were trained at a scale. */
export const isScale = (scale: number, max: number): boolean => scale >= 1 && scale <= max;

/**
 * Checks the scale of a recipe whose networks take scales.
 *
 * @param nameOf how the message calls a setting
 * @throws DomainError for a scale that they are not trained at
 */
export function checkGuidance({ name, guidance }: Pick<Recipe, "name" | "guidance">, nameOf: Naming = asIs): void {
  const { max, scale = 1 } = guidance ?? {};
  if (max === undefined || isScale(scale, max)) return;
  throw new DomainError(
    `train: ${nameOf("guidance")} of ${name} must be from 1 to ${max}, the largest scale that networks take (${nameOf("guidanceMax")}), got ${scale}`,
  );
}

/**
 * A guided velocity.
 *
 *   v° + g·(v − v°), g the scale of the guidance at the time of the velocity
 *
 * @param free   v°, the velocity without a class
 * @param scales scales of the samples, [n, 1]; default that of the guidance
 */
export const guided =
  (
    velocity: AppliedNetwork,
    free: AppliedNetwork,
    guidance: Guidance,
    scales: TensorLike = guidance.scale,
  ): AppliedNetwork =>
  (x, t) => {
    const plain = free(x, t);
    return add(plain, mul(within(guidance, t, scales, 1), sub(velocity(x, t), plain)));
  };

/**
 * ω and κ of a student that is trained to be guided, with ω/(1 − κ) the scale; 1 and 0 outside of the interval of times. Of samples with scales of
 * their own ω is 1 and κ is 1 − 1/scale, so that v, which is noisy, keeps the weight 1.
 *
 * @source Geng et al. 2025 (improved MeanFlow): v_g = v + (1 − 1/ω)(v_c − v_u)
 * @param scales scales of the samples, [n, 1]
 */
export function guidanceWeights(guidance: Guidance, s: Tensor, scales?: Tensor): GuidanceWeights {
  const { scale, mix } = guidance;
  if (scales) return { omega: 1, kappa: within(guidance, s, sub(1, div(1, scales)), 0) };
  return { omega: within(guidance, s, scale * (1 - mix), 1), kappa: within(guidance, s, mix, 0) };
}

/** A value within the interval of a guidance and another one elsewhere; a plain number where the interval holds all times. */
function within({ from, to }: Guidance, time: TensorLike, inside: TensorLike, outside: number): TensorLike {
  if (from <= 0 && to >= 1) return inside;
  return where(less(time, from), outside, where(greater(time, to), outside, inside));
}

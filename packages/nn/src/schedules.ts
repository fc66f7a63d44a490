import {
  add,
  asTensor,
  cast,
  cos,
  DomainError,
  div,
  less,
  maximum,
  minimum,
  mul,
  mustBe,
  optionsOf,
  rsqrt,
  sub,
  type Tensor,
  type TensorLike,
  where,
} from "@pushforward/tensor";
import { checkNumber } from "./checkNumber.ts";

/**
 * A number that depends on the step, e.g. a learning rate. The step counts finished updates, so the first update has step 0. The
 * step may be a tensor, so that a compiled update is traced only once.
 */
export type Schedule = (step: TensorLike) => Tensor;

/** The step as a float. */
function asStep(step: TensorLike): Tensor {
  const value = asTensor(step, "schedule");
  return value.dtype === "int32" ? cast(value, "float64") : value;
}

/** Checks settings that are numbers, and the number of steps. */
function checkSettings<Settings extends { readonly steps: number }>(name: string, settings: Settings): Settings {
  optionsOf(name, settings);
  const { steps, ...values } = settings;
  for (const [each, value] of Object.entries(values)) {
    if (value !== undefined) checkNumber(name, each, value as number);
  }
  checkSteps(name, steps);
  return settings;
}

function checkSteps(name: string, steps: number): void {
  mustBe(name, "steps", steps, "number");
  if (!(steps > 0)) throw new DomainError(`${name}: steps must be positive, got ${steps}`);
}

/** The fraction step/steps, at most 1. */
const progress = (step: TensorLike, steps: number): Tensor => minimum(div(asStep(step), steps), 1);

/** Always the same number. */
export function constant(value: number): Schedule {
  checkNumber("constant", "the value", value);
  return () => asTensor(value);
}

/** Linear from one number to another, then constant: from + (to − from)·min(step/steps, 1). */
export function linear(settings: { from: number; to: number; steps: number }): Schedule {
  const { from, to, steps } = checkSettings("linear", settings);
  return (step) => add(from, mul(to - from, progress(step, steps)));
}

/**
 * Half a cosine from `peak` down to `final`, then constant.
 *
 *   final + (peak − final)/2 · (1 + cos(π·min(step/steps, 1)))
 *
 * @source Loshchilov and Hutter 2017 (SGDR), equation 5, without restarts
 */
export function cosine(settings: { peak: number; final?: number; steps: number }): Schedule {
  const { peak, final = 0, steps } = checkSettings("cosine", settings);
  return (step) => add(final, mul((peak - final) / 2, add(1, cos(mul(Math.PI, progress(step, steps))))));
}

/** Linear up to `peak`: peak·min((step + 1)/steps, 1). The first update already has a rate above 0. */
export function warmup(settings: { peak: number; steps: number }): Schedule {
  const { peak, steps } = checkSettings("warmup", settings);
  return (step) => mul(peak, progress(add(asStep(step), 1), steps));
}

/** `peak` for the first steps, then peak·√(steps/step). */
export function inverseSquareRoot(settings: { peak: number; steps: number }): Schedule {
  const { peak, steps } = checkSettings("inverseSquareRoot", settings);
  return (step) => mul(peak, rsqrt(maximum(div(asStep(step), steps), 1)));
}

/** Schedules in sequence. Each schedule except the last applies for its `steps` and counts them from its own start. */
export function sequence(
  parts: readonly { readonly schedule: Schedule; readonly steps: number }[],
  last: Schedule,
): Schedule {
  mustBe("sequence", "the parts", parts, "list");
  for (const [i, part] of parts.entries()) {
    mustBe("sequence", `part ${i}`, part, "object");
    mustBe("sequence", `schedule of part ${i}`, part.schedule, "function");
    checkSteps("sequence", part.steps);
  }
  mustBe("sequence", "the last schedule", last, "function");
  return (step) => {
    const now = asStep(step);
    const total = parts.reduce((sum, part) => sum + part.steps, 0);
    let [value, start] = [last(sub(now, total)), total];
    for (const { schedule, steps } of [...parts].reverse()) {
      const end = start;
      start -= steps;
      value = where(less(now, end), schedule(sub(now, start)), value);
    }
    return value;
  };
}

/** The product of schedules, e.g. of a warm-up to 1 and a decay. */
export function product(...factors: readonly Schedule[]): Schedule {
  for (const [i, factor] of factors.entries()) mustBe("product", `factor ${i}`, factor, "function");
  return (step) => factors.map((factor) => factor(step)).reduce((a, b) => mul(a, b), asTensor(1));
}

/** A warm-up to `peak`, then half a cosine to `final`; `steps` counts both. */
export function warmupCosine(settings: {
  readonly peak: number;
  readonly final?: number;
  readonly warmup: number;
  readonly steps: number;
}): Schedule {
  const { peak, final, warmup: first, steps } = optionsOf("warmupCosine", settings);
  mustBe("warmupCosine", "steps", steps, "number");
  return sequence(
    [{ schedule: warmup({ peak, steps: first }), steps: first }],
    cosine({ peak, final, steps: steps - first }),
  );
}

/** The schedules by name. */
export const schedules = {
  constant,
  linear,
  cosine,
  warmup,
  warmupCosine,
  inverseSquareRoot,
  sequence,
  product,
} as const;

import {
  DomainError,
  foldIn,
  mustBe,
  normal,
  optionsOf,
  quote,
  sqrt,
  stack,
  type Tensor,
  type TensorLike,
  zerosLike,
} from "@pushforward/tensor";
import { AdaptiveSteps } from "./adaptiveSteps.ts";
import { checkCall, checkedFunction, checkResult, checkSameShape } from "./callChecks.ts";
import type { VelocityField } from "./flow.ts";
import { type MarginalSdeOptions, marginalSde } from "./marginalSde.ts";
import { type SolverName, solverOf } from "./solvers/index.ts";
import type { SdeSolver, Solver } from "./solvers/solver.ts";
import { Span } from "./span.ts";

/** Settings of a solve. */
export interface IntegrateOptions {
  /** A name of the registry or a solver; default "dopri5". */
  readonly solver?: SolverName | Solver;
  /** Number of equal steps; default 64; for dopri5 the default is adaptive steps. */
  readonly steps?: number;
  /** Adaptive steps: largest error per step in every coordinate, relative to max(1, |x|); default 1e-6. */
  readonly tolerance?: number;
  /** Adaptive steps: the smallest step, as a fraction of the span |t − s|; default 1e-8. */
  readonly minStep?: number;
  /**
   * Adaptive steps: the largest step, in units of time; default none. Steps that are longer than a short pulse of the velocity
   * can miss the pulse: give the width of the shortest pulse.
   */
  readonly maxStep?: number;
  /** Adaptive steps: the largest number of attempts; default 10,000. */
  readonly maxSteps?: number;
  /** SDE: key of the noise. */
  readonly key?: Tensor;
  /** SDE: the increments themselves instead of a key, [steps, batch, dim], variance |dt|. */
  readonly increments?: Tensor;
  /** SDE: noise level g(t) of the marginal-preserving SDE; default 1. */
  readonly diffusion?: MarginalSdeOptions["diffusion"];
  /** SDE: score of the marginals; by default it follows from the velocity, which needs t < 1. */
  readonly score?: VelocityField;
  /** Called with the start and with every later state, and their times. */
  readonly onStep?: (x: Tensor, t: Tensor) => void;
}

/** Steps in sequence until the end time. */
interface Steps {
  readonly isDone: boolean;
  time(): Tensor;
  advance(x: Tensor): Tensor;
}

/**
 * Solves dx/dt = v(x, t) from time s to time t, forwards or backwards: the only loop over time.
 *
 * Fixed steps unroll while tracing. Adaptive steps are chosen separately for every sample. They read values, so they work neither
 * while tracing nor while batching; inside jvp and vjp the choice of steps counts as a constant. Adaptive steps throw an error
 * for a value that is not finite. Equal steps do not read values, and NaN propagates into the result.
 *
 * @param velocity v(x, t)
 * @param x        state at time s, [batch, dim]
 * @param s        start time, scalar or [batch, 1]
 * @param t        end time, scalar or [batch, 1]
 * @returns        state at time t, [batch, dim]
 * @throws ShapeError or DTypeError for times that do not fit x or a v that changes the shape, DomainError for bad settings, values that
 *   are not finite, or when the step size falls below minStep
 */
export function integrate(
  velocity: VelocityField,
  x: Tensor,
  s: TensorLike,
  t: TensorLike,
  options: IntegrateOptions = {},
): Tensor {
  optionsOf("integrate", options);
  if (options.onStep !== undefined) mustBe("integrate", "onStep", options.onStep, "function");
  checkCall("integrate", x, { s, t });
  const steps = stepsOf(checkedFunction("integrate", "the velocity", velocity), new Span(x, s, t), x, options);
  let state = x;
  options.onStep?.(state, steps.time());
  while (!steps.isDone) {
    const next = steps.advance(state);
    // an adaptive attempt without an accepted sample does not change the state
    if (next !== state) options.onStep?.(next, steps.time());
    state = next;
  }
  return state;
}

function stepsOf(v: VelocityField, span: Span, x: Tensor, options: IntegrateOptions): Steps {
  const { solver: wanted = "dopri5" } = options;
  const solver = solverOf(wanted);
  if (solver.kind === "ode" && solver.embedded && options.steps === undefined) {
    return new AdaptiveSteps(solver, v, span, options);
  }
  const { steps = 64 } = options;
  if (!Number.isInteger(steps) || steps < 1) {
    throw new DomainError(`integrate: steps must be a whole number ≥ 1, got ${quote(steps)}`);
  }
  if (solver.kind === "sde") return equalSteps(span, steps, sdeStep(solver, v, span, x, steps, options));
  const what = `the solver ${solver.name}`;
  return equalSteps(span, steps, (state, t, dt) => checkResult("integrate", what, solver.step(v, state, t, dt), x));
}

type Step = (x: Tensor, t: Tensor, dt: Tensor, index: number) => Tensor;

function equalSteps(span: Span, steps: number, step: Step): Steps {
  const dt = span.length().div(steps);
  let index = 0;
  return {
    get isDone() {
      return index === steps;
    },
    time: () => span.timeAt(index / steps),
    advance: (x) => {
      const next = step(x, span.timeAt(index / steps), dt, index);
      index++;
      return next;
    },
  };
}

function sdeStep(
  solver: SdeSolver,
  v: VelocityField,
  span: Span,
  start: Tensor,
  steps: number,
  options: IntegrateOptions,
): Step {
  const { key, increments, diffusion = 1, score } = options;
  if ((key === undefined) === (increments === undefined)) {
    throw new DomainError(`integrate: ${solver.name} needs either a key or increments for its noise; pass key(seed)`);
  }
  const { shape, dtype } = start;
  if (increments) {
    const like = { shape: [steps, ...shape], dtype };
    checkSameShape("integrate", "increments", increments, like, ` = [steps, batch, dim] with ${steps} steps`);
  }
  const kind = { dtype: dtype === "float32" ? "float32" : "float64" } as const;
  const sde = marginalSde(v, { diffusion, score, span: span.length() });
  const noise = (dt: Tensor, index: number): Tensor => {
    if (increments) return increments.slice(index);
    // Without noise the derivative in the times also exists at s = t, where √|dt| has none.
    if (diffusion === 0) return zerosLike(start);
    return sqrt(dt.abs()).mul(normal(foldIn(key!, index), shape, kind));
  };
  const what = `the solver ${solver.name}`;
  return (x, t, dt, index) => {
    const next = solver.step(sde.drift, sde.diffusion, x, t, dt, noise(dt, index));
    return checkResult("integrate", what, next, start);
  };
}

/** States of a solve and their times. */
export interface Trajectory {
  /** [points] for scalar times and equal steps, [points, batch, 1] otherwise */
  readonly times: Tensor;
  /** [points, batch, dim], the start first */
  readonly states: Tensor;
}

/** Solves like {@link integrate} and keeps every intermediate state. */
export function trajectory(
  velocity: VelocityField,
  x: Tensor,
  s: TensorLike,
  t: TensorLike,
  options: IntegrateOptions = {},
): Trajectory {
  optionsOf("trajectory", options);
  const [times, states]: [Tensor[], Tensor[]] = [[], []];
  integrate(velocity, x, s, t, {
    ...options,
    onStep: (state, time) => {
      options.onStep?.(state, time);
      states.push(state);
      times.push(time);
    },
  });
  return { times: stack(times), states: stack(states) };
}

import { DenseTensor, DomainError, type Tensor, where } from "@pushforward/tensor";
import type { VelocityField } from "./flow.ts";
import type { OdeSolver } from "./solvers/solver.ts";
import type { Span } from "./span.ts";

// Progress is counted in shares of the whole span, in plain numbers. The time of a sample is (1 − done)·s + done·t, so derivatives with
// respect to s and t pass through, while the choice of steps stays a constant.

/** Settings of the step control, see IntegrateOptions. */
export interface ControlOptions {
  readonly tolerance?: number;
  readonly minStep?: number;
  readonly maxSteps?: number;
}

/** @source Hairer, Nørsett and Wanner 1993, §II.4: safety factor and limits on the change of a step */
const safety = 0.9;
const largestGrowth = 5;
const smallestShrink = 0.2;
const firstStep = 0.05;

/** Steps of an embedded method, chosen for every sample by its own error. */
export class AdaptiveSteps {
  private readonly v: VelocityField;
  private readonly span: Span;
  private readonly solver: OdeSolver;
  private readonly tolerance: number;
  private readonly minStep: number;
  private readonly maxSteps: number;
  /** Share of the span behind every sample, and the share it tries next. */
  private readonly done: Float64Array;
  private readonly wanted: Float64Array;
  private attempts = 0;
  /** v at the present state: the last slope of the step before. */
  private slope: Tensor | undefined;

  constructor(solver: OdeSolver, v: VelocityField, span: Span, options: ControlOptions) {
    const { tolerance = 1e-6, minStep = 1e-8, maxSteps = 10_000 } = options;
    if (!(tolerance > 0)) throw new DomainError(`integrate: the tolerance must be positive, got ${tolerance}`);
    if (!span.readable) {
      throw new DomainError(
        `integrate: ${solver.name} chooses its steps from values, which cannot be read while tracing or batching; pass steps, or compile the velocity alone`,
      );
    }
    this.v = v;
    this.span = span;
    this.solver = solver;
    this.tolerance = tolerance;
    this.minStep = minStep;
    this.maxSteps = maxSteps;
    // a sample with nothing to do is done
    this.done = span.lengths().map((length) => (length === 0 ? 1 : 0));
    this.wanted = new Float64Array(this.done.length).fill(firstStep);
  }

  get isDone(): boolean {
    return this.done.every((share) => share === 1);
  }

  /** The time of every sample now. */
  time(): Tensor {
    return this.span.timeAt(this.done);
  }

  /** One attempt: the samples whose error is small enough move on, the others stay and try a smaller step. */
  advance(x: Tensor): Tensor {
    if (++this.attempts > this.maxSteps) throw this.failure(`took more than ${this.maxSteps} steps`, 0);
    const steps = this.done.map((share, row) => Math.min(this.wanted[row], 1 - share));
    const t = this.time();
    this.slope ??= this.v(x, t);
    const { next, error, last } = this.solver.embedded!(this.v, x, t, this.span.lengthOf(steps), this.slope);
    const isAccepted = this.judge(steps, errorRatios(x, next, error, this.tolerance));
    this.slope = choose(isAccepted, last, this.slope, this.span);
    return choose(isAccepted, next, x, this.span);
  }

  /** Decides for every sample, and sets what it tries next. */
  private judge(steps: Float64Array, ratios: Float64Array): boolean[] {
    // Where one sample is not finite nobody moves: a NaN next to an accepted sample would spoil the reverse pass.
    const isFinite = ratios.every((ratio, row) => Number.isFinite(ratio) || steps[row] === 0);
    return Array.from(steps, (step, row) => {
      if (step === 0) return isFinite;
      const ratio = ratios[row];
      const isAccepted = ratio <= 1;
      if (isAccepted && !isFinite) return false;
      const factor = Number.isFinite(ratio) ? safety * ratio ** (-1 / this.solver.order) : 0;
      this.wanted[row] = step * Math.max(smallestShrink, Math.min(isAccepted ? largestGrowth : 1, factor));
      if (isAccepted) this.done[row] = step === 1 - this.done[row] ? 1 : this.done[row] + step;
      else this.checkStep(row);
      return isAccepted;
    });
  }

  private checkStep(row: number): void {
    if (this.wanted[row] * Math.abs(this.span.lengths()[row]) >= this.minStep) return;
    throw this.failure(`step size fell below ${this.minStep.toExponential()}`, row);
  }

  private failure(what: string, row: number): DomainError {
    const { time, end } = this.span.describe(this.done, row);
    return new DomainError(
      `integrate: ${what} at t = ${time} (tolerance ${this.tolerance.toExponential()}); loosen it or stop before t = ${end}`,
    );
  }
}

/** Largest |error|/(tolerance·max(1, |x|)) of every sample; NaN stays NaN. */
function errorRatios(x: Tensor, next: Tensor, error: Tensor, tolerance: number): Float64Array {
  const [before, after, wrong] = [x, next, error].map((each) => each.concrete("integrate").buffer);
  const dim = x.rank === 0 ? 1 : x.shape[x.rank - 1];
  const ratios = new Float64Array(dim === 0 ? 0 : wrong.length / dim);
  for (let i = 0; i < wrong.length; i++) {
    const row = Math.floor(i / dim);
    const ratio = Math.abs(wrong[i]) / (tolerance * Math.max(1, Math.abs(before[i]), Math.abs(after[i])));
    ratios[row] = Math.max(ratios[row], ratio);
  }
  return ratios;
}

/** The new value where a sample is accepted, the old one elsewhere. */
function choose(isAccepted: readonly boolean[], next: Tensor, old: Tensor, span: Span): Tensor {
  if (isAccepted.every((accepted) => accepted)) return next;
  if (!isAccepted.some((accepted) => accepted)) return old;
  return where(new DenseTensor(Uint8Array.from(isAccepted, Number), span.shape, "bool"), next, old);
}

import { DenseTensor, DomainError, mustBe, type Tensor, where } from "@pushforward/tensor";
import type { VelocityField } from "./flow.ts";
import { describeNonFinite, type NonFinite, nonFinite } from "./nonFinite.ts";
import { SingularRows, withDerivativesOf } from "./singularRows.ts";
import type { OdeSolver } from "./solvers/solver.ts";
import type { Span } from "./span.ts";

// Progress is counted in fractions of the whole span, in plain numbers. The time of a sample is (1 − done)·s + done·t, so
// derivatives with respect to s and t pass through, and the choice of steps is a constant.

/** Settings of the step control, see IntegrateOptions. */
export interface ControlOptions {
  readonly tolerance?: number;
  readonly minStep?: number;
  readonly maxStep?: number;
  readonly maxSteps?: number;
}

/** @source Hairer, Nørsett and Wanner 1993, §II.4: safety factor and limits on the change of a step */
const safety = 0.9;
const largestGrowth = 5;
const smallestShrink = 0.2;
const firstStep = 0.05;

/** Steps of an embedded method; every sample has its own step size, which follows from its own error. */
export class AdaptiveSteps {
  private readonly v: VelocityField;
  private readonly span: Span;
  private readonly solver: OdeSolver;
  private readonly control: Required<ControlOptions>;
  /** |t − s| of every sample. */
  private readonly lengths: Float64Array;
  /** For every sample: the finished fraction of the span, the fraction of the next attempt, and the largest allowed fraction. */
  private readonly done: Float64Array;
  private readonly wanted: Float64Array;
  private readonly largest: Float64Array;
  private attempts = 0;
  /** v at the current state: the last slope of the previous step. */
  private slope: Tensor | undefined;
  private singular: SingularRows | undefined;

  constructor(solver: OdeSolver, v: VelocityField, span: Span, options: ControlOptions) {
    this.control = checkControl(options);
    if (!span.readable) {
      throw new DomainError(
        `integrate: ${solver.name} chooses its steps from values, which cannot be read while tracing or batching; pass steps, or compile the velocity alone`,
      );
    }
    span.checkFinite();
    this.v = v;
    this.span = span;
    this.solver = solver;
    this.lengths = span.lengths().map(Math.abs);
    this.done = new Float64Array(this.lengths.length);
    // A sample with s = t takes one step of length 0: its state does not change, and its derivatives in s and t are those of the
    // step.
    this.largest = this.lengths.map((length) => Math.min(1, this.control.maxStep / length));
    this.wanted = this.largest.map((fraction, row) => (this.lengths[row] === 0 ? 1 : Math.min(firstStep, fraction)));
  }

  get isDone(): boolean {
    return this.done.every((fraction) => fraction === 1);
  }

  /** The current time of every sample. */
  time(): Tensor {
    return this.span.timeAt(this.done);
  }

  /** One attempt: samples with a small error advance, the other samples stay and try a smaller step. */
  advance(x: Tensor): Tensor {
    if (++this.attempts > this.control.maxSteps) this.failMaxSteps();
    const steps = this.done.map((fraction, row) => Math.min(this.wanted[row], 1 - fraction));
    const t = this.time();
    this.slope ??= this.firstSlope(x, t);
    const { singular } = this;
    const length = this.span.lengthOf(steps);
    if (singular?.isAll) {
      this.done.fill(1);
      return singular.atRest(x, length, x);
    }
    const [from, at] = singular ? [singular.away(x), singular.away(t)] : [x, t];
    const { next, error, last } = this.solver.embedded!(this.v, from, at, length, this.slope);
    const isAccepted = this.judge(x, steps, errorRatios(from, next, error, this.control.tolerance));
    this.slope = choose(isAccepted, last, this.slope, this.span);
    const moved = this.resting(steps, x, next);
    const all = singular?.atRest(x, length, moved) ?? moved;
    singular?.accept(isAccepted);
    return choose(isAccepted, all, x, this.span);
  }

  /** v at the start; samples with s = t and a velocity that is not finite are treated separately. */
  private firstSlope(x: Tensor, t: Tensor): Tensor {
    const slope = this.v(x, t);
    this.checkSlope(slope);
    const isSingular = Array.from(this.lengths, (_, row) => nonFinite(slope, (each) => each === row) !== undefined);
    if (!isSingular.includes(true)) return slope;
    this.singular = new SingularRows(isSingular, slope.concrete("integrate"), this.span.shape);
    return this.singular.isAll ? slope : this.v(this.singular.away(x), this.singular.away(t));
  }

  /**
   * The next state; where a step has length 0 it keeps the old values and takes the new derivatives, since 0·∞ must not change
   * the state.
   */
  private resting(steps: Float64Array, x: Tensor, next: Tensor): Tensor {
    const rests = Array.from(steps, (step, row) => step > 0 && this.lengths[row] === 0);
    return rests.includes(true) ? withDerivativesOf(where(mask(rests, this.span), x, next), next) : next;
  }

  /** Accepts or rejects the step of every sample, and sets the size of the next attempt. */
  private judge(x: Tensor, steps: Float64Array, ratios: Float64Array): boolean[] {
    const isStill = (row: number): boolean => steps[row] === 0 || this.lengths[row] === 0;
    // If a moving sample is not finite, no sample moves: a NaN beside an accepted sample would make the reverse pass NaN.
    const isFinite = ratios.every((ratio, row) => Number.isFinite(ratio) || isStill(row));
    return Array.from(steps, (step, row) => {
      const ratio = ratios[row];
      if (step === 0) return isFinite && Number.isFinite(ratio);
      const isAccepted = ratio <= 1 || this.lengths[row] === 0;
      if (isAccepted && !isFinite) return false;
      const factor = Number.isFinite(ratio) ? safety * ratio ** (-1 / this.solver.order) : 0;
      const change = Math.max(smallestShrink, Math.min(isAccepted ? largestGrowth : 1, factor));
      this.wanted[row] = Math.min(this.largest[row], step * change);
      if (isAccepted) this.done[row] = step === 1 - this.done[row] ? 1 : this.done[row] + step;
      else if (this.wanted[row] < this.control.minStep) this.failMinStep(x, steps, row);
      return isAccepted;
    });
  }

  /** The velocity at the start must be finite for every sample that moves. */
  private checkSlope(slope: Tensor): void {
    const bad = nonFinite(slope, (row) => this.lengths[row] !== 0);
    if (bad) throw this.notFinite("the velocity", bad, this.span.describe(this.done, bad.row).time);
  }

  private failMaxSteps(): never {
    const row = this.done.indexOf(this.done.reduce((a, b) => Math.min(a, b)));
    const { maxSteps } = this.control;
    throw this.failure(`took more than ${maxSteps} steps`, row, `raise maxSteps = ${maxSteps}, loosen the tolerance`);
  }

  private failMinStep(x: Tensor, steps: Float64Array, row: number): never {
    this.searchNonFinite(x, steps, row);
    const smallest = Number((this.control.minStep * this.lengths[row]).toPrecision(6));
    throw this.failure(`step size fell below ${smallest.toExponential()}`, row, "loosen it");
  }

  /** Repeats a failed step and names its first value that is not finite. */
  private searchNonFinite(x: Tensor, steps: Float64Array, row: number): void {
    const watched: VelocityField = (state, time) => {
      const v = this.v(state, time);
      const { buffer } = time.concrete("integrate");
      const now = buffer[buffer.length === 1 ? 0 : row];
      for (const [what, value] of [["the state", state] as const, ["the velocity", v] as const]) {
        const bad = nonFinite(value, (each) => each === row);
        if (bad) throw this.notFinite(what, bad, Number(now.toPrecision(6)));
      }
      return v;
    };
    this.solver.embedded!(watched, x, this.time(), this.span.lengthOf(steps), this.slope!);
  }

  private notFinite(what: string, bad: NonFinite, time: number): DomainError {
    return new DomainError(`integrate: ${what} must be finite, got ${describeNonFinite(bad)}, at t = ${time}`);
  }

  private failure(what: string, row: number, advice: string): DomainError {
    const { time, end } = this.span.describe(this.done, row);
    return new DomainError(
      `integrate: ${what} at t = ${time} (tolerance ${this.control.tolerance.toExponential()}); ${advice} or stop before t = ${end} (row ${row})`,
    );
  }
}

/** The settings with their defaults, checked. */
function checkControl(options: ControlOptions): Required<ControlOptions> {
  const { tolerance = 1e-6, minStep = 1e-8, maxStep = Number.POSITIVE_INFINITY, maxSteps = 10_000 } = options;
  for (const [name, value] of Object.entries({ tolerance, minStep, maxStep, maxSteps })) {
    mustBe("integrate", name, value, "number");
  }
  if (!(tolerance > 0)) throw new DomainError(`integrate: the tolerance must be positive, got ${tolerance}`);
  if (!(minStep >= 0 && minStep < 1)) {
    throw new DomainError(`integrate: minStep must be in [0, 1), relative to the span, got ${minStep}`);
  }
  if (!(maxStep > 0)) throw new DomainError(`integrate: maxStep must be positive, got ${maxStep}`);
  if (!(maxSteps >= 1)) throw new DomainError(`integrate: maxSteps must be at least 1, got ${maxSteps}`);
  return { tolerance, minStep, maxStep, maxSteps };
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

/** The new value of accepted samples, and the old value of the other samples. */
function choose(isAccepted: readonly boolean[], next: Tensor, old: Tensor, span: Span): Tensor {
  if (isAccepted.every((accepted) => accepted)) return next;
  if (!isAccepted.some((accepted) => accepted)) return old;
  return where(mask(isAccepted, span), next, old);
}

/** One truth value for every sample, [batch, 1]. */
const mask = (rows: readonly boolean[], span: Span): Tensor =>
  new DenseTensor(Uint8Array.from(rows, Number), span.shape, "bool");

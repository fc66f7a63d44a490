import type { ShownProgram, ShownStep } from "../work/stepper/answerStepper.ts";

/**
 * The positions of a program with m inputs and e equations: at 0 the inputs have values and tangents, at 1 … e an equation after the
 * other computes both, at e + 1 … 2e the equations pass on cotangents in reverse order, at 2e + 1 the inputs have their cotangents.
 */
export class Timeline {
  readonly inputs: number;
  readonly equations: number;
  readonly last: number;
  /** Whether the result depends on a step by a path without a stop-gradient. */
  readonly isFelt: readonly boolean[];
  /** The first position with something to see: a number that is not finite, else a stop-gradient that blocks, else the end. */
  readonly first: number;

  constructor({ steps, bad }: ShownProgram) {
    this.inputs = steps.filter(({ formula }) => formula === undefined).length;
    this.equations = steps.length - this.inputs;
    this.last = 2 * this.equations + 1;
    this.isFelt = feltSteps(steps);
    const stop = steps.findLastIndex((step, i) => step.stop !== undefined && this.isFelt[i]);
    this.first = bad ? this.positionOf(bad.step, bad.kind) : stop >= 0 ? this.backwardAt(stop) : this.last;
  }

  /** The position at which a step has its value and its tangent. */
  forwardAt(step: number): number {
    return Math.max(0, step - this.inputs + 1);
  }

  /** The position at which a step has its whole cotangent. */
  backwardAt(step: number): number {
    return this.last - this.forwardAt(step);
  }

  positionOf(step: number, kind: "primal" | "tangent" | "cotangent"): number {
    return kind === "cotangent" ? this.backwardAt(step) : this.forwardAt(step);
  }

  isForward(position: number): boolean {
    return position <= this.equations;
  }

  /** The equation that works at a position; undefined at both ends, where the inputs have their numbers. */
  activeAt(position: number): number | undefined {
    const equation = this.isForward(position) ? position : this.last - position;
    return equation === 0 ? undefined : this.inputs + equation - 1;
  }
}

/** The steps whose cotangent can reach them: the result, and operands of such steps that are no stop-gradients. */
function feltSteps(steps: readonly ShownStep[]): boolean[] {
  const isFelt = steps.map((_, i) => i === steps.length - 1);
  for (let i = steps.length - 1; i >= 0; i--)
    if (isFelt[i] && steps[i].stop === undefined) for (const operand of steps[i].operands) isFelt[operand] = true;
  return isFelt;
}

import { withStops } from "@pushforward/autodiff";
import { formulaFunction } from "@pushforward/flows";
import { type AnyLoss, losses } from "@pushforward/losses";
import { onesLike, Program, type Tensor, tensor, trace } from "@pushforward/tensor";
import {
  firstNonFiniteStep,
  lossInstance,
  type NonFiniteStep,
  type ProgramInstance,
  type ProgramStep,
  stepThrough,
} from "@pushforward/training";
import { answerQuestions } from "../answerQuestions.ts";

/** A function that the reader wrote, at a point and along a direction. */
export interface FormulaQuestion {
  readonly formula: string;
  /** Names, values and tangents of the variables. */
  readonly variables: readonly { readonly name: string; readonly value: number; readonly tangent: number }[];
  readonly off: readonly string[];
}

/** A loss on two rows, along one of its inputs. */
export interface LossQuestion {
  readonly loss: string;
  /** The input whose tangent is one in every entry; empty for the first. */
  readonly moved: string;
  readonly off: readonly string[];
}

/** A step of a program as numbers that travel to the page. */
export interface ShownStep extends Pick<ProgramStep, "name" | "formula" | "part" | "stop" | "operands"> {
  readonly shape: readonly number[];
  readonly primal: readonly number[];
  readonly tangent: readonly number[] | undefined;
  readonly cotangent: readonly number[] | undefined;
}

/** All steps of a program, inputs first. */
export interface ShownProgram {
  readonly steps: readonly ShownStep[];
  /** The first number that is not finite. */
  readonly bad: NonFiniteStep | undefined;
}

const numbersOf = (x: Tensor): number[] => Array.from(x.dataSync(), Number);

function shown(instance: ProgramInstance, tangents: readonly (Tensor | null)[]): ShownProgram {
  const steps = stepThrough(instance, { tangents, cotangents: [tensor(1)] });
  return {
    steps: steps.map(({ primal, tangent, cotangent, ...step }) => ({
      ...step,
      shape: primal.shape,
      primal: numbersOf(primal),
      tangent: tangent && numbersOf(tangent),
      cotangent: cotangent && numbersOf(cotangent),
    })),
    bad: firstNonFiniteStep(steps),
  };
}

const answers = {
  /** Steps of a formula. Variables that the formula does not use are left out. */
  formula({ formula, variables, off }: FormulaQuestion): ShownProgram {
    const names = variables.map(({ name }) => name);
    const f = formulaFunction(formula, names);
    const values = variables.map(({ value }) => tensor(value));
    const { inputs, equations, outputs, names: given } = withStops(off, () => trace(f, { names })(...values));
    const isUsed = inputs.map((x) => outputs.includes(x) || equations.some(({ operands }) => operands.includes(x)));
    const used = <T>(list: readonly T[]): T[] => list.filter((_, i) => isUsed[i]);
    const program = new Program(used(inputs), equations, outputs, given);
    return shown({ program, inputs: used(values) }, used(variables.map(({ tangent }) => tensor(tangent))));
  },

  /** Steps of the mean of a loss. */
  loss({ loss, moved, off }: LossQuestion): ShownProgram {
    const instance = lossInstance(losses[loss as keyof typeof losses] as AnyLoss, off);
    const names = instance.program.inputs.map((x) => instance.program.names.get(x));
    const place = moved === "" ? 0 : names.indexOf(moved);
    if (place < 0) throw new Error(`The input that moves must be one of ${names.join(", ")}, got "${moved}".`);
    return shown(
      instance,
      instance.inputs.map((x, i) => (i === place ? onesLike(x) : null)),
    );
  },
};

/** The functions of the worker of the stepper. */
export type StepperAnswers = typeof answers;

answerQuestions(answers);

import { FormulaError } from "@pushforward/flows";
import { type Tensor, tensor } from "@pushforward/tensor";
import { firstNonFiniteStep, type NonFiniteStep, type ProgramStep, stepThrough } from "@pushforward/training";
import { answerQuestions } from "../answerQuestions.ts";
import { type StepperQuestion, steppedProgram } from "./steppedProgram.ts";

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

/** A formula that cannot be read. */
export interface FormulaProblem {
  readonly problem: string;
  /** Index of the character at which reading stopped. */
  readonly position: number;
}

const numbersOf = (x: Tensor): number[] => Array.from(x.dataSync(), Number);

async function shownSteps(question: StepperQuestion): Promise<ShownProgram> {
  const { instance, tangents } = await steppedProgram(question);
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
  /** The steps of a program, or the place at which its formula cannot be read. */
  async steps(question: StepperQuestion): Promise<ShownProgram | FormulaProblem> {
    try {
      return await shownSteps(question);
    } catch (error) {
      if (!(error instanceof FormulaError)) throw error;
      return { problem: error.message, position: error.position };
    }
  },
};

/** The functions of the worker of the stepper. */
export type StepperAnswers = typeof answers;

answerQuestions(answers);

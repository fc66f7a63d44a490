import { withStops } from "@pushforward/autodiff";
import { formulaFunction } from "@pushforward/flows";
import { onesLike, Program, type Tensor, tensor, trace } from "@pushforward/tensor";
import { lossInstance, type ProgramInstance } from "@pushforward/training";
import { lossOf } from "../recipeOf.ts";

/** A function that the reader wrote, at a point and along a direction. */
export interface FormulaQuestion {
  readonly kind: "formula";
  readonly formula: string;
  /** Names, values and tangents of the variables. */
  readonly variables: readonly { readonly name: string; readonly value: number; readonly tangent: number }[];
  readonly off: readonly string[];
}

/** A loss on two rows, along one of its inputs. */
export interface LossQuestion {
  readonly kind: "loss";
  readonly loss: string;
  /** The input whose tangent is one in every entry; empty for the first. */
  readonly moved: string;
  readonly off: readonly string[];
}

/** The program that the stepper shows. */
export type StepperQuestion = FormulaQuestion | LossQuestion;

/** A program with values and tangents of its inputs. */
export interface SteppedProgram {
  readonly instance: ProgramInstance;
  readonly tangents: readonly (Tensor | null)[];
}

/**
 * The program of the stepper.
 *
 * @throws DomainError, ShapeError about the formula; Error about an input that the loss does not have, or about a loss that did not load
 */
export const steppedProgram = async (question: StepperQuestion): Promise<SteppedProgram> =>
  question.kind === "formula" ? ofFormula(question) : ofLoss(question);

/** Variables that the formula does not use are left out. */
function ofFormula({ formula, variables, off }: FormulaQuestion): SteppedProgram {
  const names = variables.map(({ name }) => name);
  const f = formulaFunction(formula, names);
  const values = variables.map(({ value }) => tensor(value));
  const { inputs, equations, outputs, names: given } = withStops(off, () => trace(f, { names })(...values));
  const isUsed = inputs.map((x) => outputs.includes(x) || equations.some(({ operands }) => operands.includes(x)));
  const used = <T>(list: readonly T[]): T[] => list.filter((_, i) => isUsed[i]);
  return {
    instance: { program: new Program(used(inputs), equations, outputs, given), inputs: used(values) },
    tangents: used(variables.map(({ tangent }) => tensor(tangent))),
  };
}

async function ofLoss({ loss, moved, off }: LossQuestion): Promise<SteppedProgram> {
  const instance = lossInstance(await lossOf(loss), off);
  const names = instance.program.inputs.map((x) => instance.program.names.get(x));
  const place = moved === "" ? 0 : names.indexOf(moved);
  if (place < 0) throw new Error(`The input that moves must be one of ${names.join(", ")}, got "${moved}".`);
  return { instance, tangents: instance.inputs.map((x, i) => (i === place ? onesLike(x) : null)) };
}

import type { StepperQuestion } from "../work/stepper/steppedProgram.ts";
import { type StepperState, symbols } from "./stepperState.ts";

/** The program of a state, as workers are asked for it. */
export function stepperQuestion(
  { show, formula, point, direction, moved, off }: StepperState,
  isLoss: boolean,
): StepperQuestion {
  if (isLoss) return { kind: "loss", loss: show, moved, off: [...off] };
  const variables = symbols.map((name) => ({ name, value: point[name], tangent: direction[name] }));
  return { kind: "formula", formula, variables, off: [...off] };
}

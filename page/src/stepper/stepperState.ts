import { examples } from "./examples.ts";

/** Variables of a formula. */
export const symbols = ["x", "y", "t"] as const;

/** A variable of a formula. */
export type FormulaSymbol = (typeof symbols)[number];

/** A number for each variable of a formula. */
export type Numbers = Readonly<Record<FormulaSymbol, number>>;

/** The name under which a function of the reader is shown. */
export const own = "own";

/** Everything that a link of the stepper restores. */
export interface StepperState {
  /** Name of an example or of a loss, or "own". */
  readonly show: string;
  /** The formula of an example or of the reader; not used for losses. */
  readonly formula: string;
  /** Values of the variables of the formula. */
  readonly point: Numbers;
  /** Tangents of the variables of the formula. */
  readonly direction: Numbers;
  /** The input of a loss that moves; empty for the first. */
  readonly moved: string;
  /** Labels of stop-gradients that are off. */
  readonly off: readonly string[];
  /** The position that is shown; undefined for the first one with something to see. */
  readonly at: number | undefined;
}

/** The scene of an example, or of the loss of a name. */
export function sceneOf(name: string): StepperState {
  const { formula, point, direction } = examples.find((each) => each.name === name) ?? examples[0];
  return { show: name, formula, point, direction, moved: "", off: [], at: undefined };
}

/** The first scene. */
export const firstScene: StepperState = sceneOf(examples[0].name);

import type { ShownStep } from "../work/stepper/answerStepper.ts";

/** A text in quotes, because formulas contain commas. */
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** All numbers of a program as rows of a table, one for each entry of each value; absent derivatives are empty. */
export const valueRows = (steps: readonly ShownStep[]): (string | number)[][] =>
  steps.flatMap(({ name, formula = "", primal, tangent, cotangent }) =>
    primal.map((value, entry) => [
      quoted(name),
      quoted(formula),
      entry,
      value,
      tangent?.[entry] ?? "",
      cotangent?.[entry] ?? "",
    ]),
  );

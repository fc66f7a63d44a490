import { bind, DomainError, mustBe, type Program, ShapeError, type Tensor } from "@pushforward/tensor";
import { checkProgram } from "./checkProgram.ts";
import { stopCotangent, stopGradient, withStopHandler } from "./stop.ts";

/** A place where a program uses a value: operand of an equation, both counted from 0; the results count as the operands of one more equation. */
export interface ProgramUse {
  readonly equation: number;
  readonly operand: number;
}

/** Uses of values that pass through a stop-gradient of one label. */
export interface ProgramCut {
  readonly label: string;
  readonly uses: readonly ProgramUse[];
}

const keyOf = ({ equation, operand }: ProgramUse): string => `${equation}.${operand}`;

/**
 * A program as a function, in which stop-gradients stand at chosen uses of values. The values stay; the derivatives through these uses
 * are zero. The stop-gradients of the program and the new ones act as calls of `stopGradient`: `withStops`, `blockedCotangents` and
 * `cotangentsOnly` apply to them.
 *
 *   f(…, x, …) → f(…, sg[x], …)
 *
 * @throws DTypeError unless the cuts are objects with a label and uses
 * @throws DomainError about a use that the program does not have
 * @throws ShapeError unless the function gets one input for each input of the program
 */
export function cutProgram(program: Program, cuts: readonly ProgramCut[]): (...inputs: Tensor[]) => Tensor[] {
  checkProgram("cutProgram", program);
  mustBe("cutProgram", "the cuts", cuts, "list");
  for (const cut of cuts) checkCut(cut);
  const labels = labelsOf(program, cuts);
  const { equations, outputs } = program;
  return (...inputs) => {
    if (inputs.length !== program.inputs.length)
      throw new ShapeError(`cutProgram: the program takes ${program.inputs.length} input(s), got ${inputs.length}`);
    const values = new Map<Tensor, Tensor>(program.inputs.map((variable, i) => [variable, inputs[i]]));
    const read = (x: Tensor, equation: number, operand: number): Tensor => {
      const label = labels.get(keyOf({ equation, operand }));
      const value = values.get(x) ?? x;
      return label === undefined ? value : stopGradient(value, label);
    };
    equations.forEach(({ primitive, operands, params, output }, i) => {
      const given = operands.map((x, k) => read(x, i, k));
      const isStop = primitive.name === "stopGradient";
      values.set(
        output,
        isStop ? stopGradient(given[0], (params as { label: string }).label) : bind(primitive, given, params),
      );
    });
    return outputs.map((x, k) => read(x, equations.length, k));
  };
}

function checkCut(cut: ProgramCut): void {
  mustBe("cutProgram", "a cut", cut, "object");
  mustBe("cutProgram", "the label of a cut", cut.label, "text");
  mustBe("cutProgram", "the uses of a cut", cut.uses, "list");
  for (const use of cut.uses) mustBe("cutProgram", "a use", use, "object");
}

/** The label of the cut at every use that has one. */
function labelsOf({ equations, outputs }: Program, cuts: readonly ProgramCut[]): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  for (const { label, uses } of cuts)
    for (const use of uses) {
      const { equation, operand } = use;
      const operands = equation === equations.length ? outputs : equations[equation]?.operands;
      if (operands?.[operand] === undefined)
        throw new DomainError(
          `cutProgram: a use must be an operand of one of ${equations.length} equations, or a result as equation ${equations.length}; got operand ${operand} of equation ${equation}`,
        );
      labels.set(keyOf(use), label);
    }
  return labels;
}

/**
 * A function whose stop-gradients cut cotangents only: reverse mode stops there, forward mode does not. Its Jacobian therefore
 * depends on the mode, `jacfwd` ≠ `jacrev`.
 */
export function cotangentsOnly<Args extends readonly unknown[], Out>(
  f: (...args: Args) => Out,
): (...args: Args) => Out {
  mustBe("cotangentsOnly", "the function", f, "function");
  return (...args) =>
    withStopHandler(
      (previous) => (x, label) => (previous(x, label) === x ? x : stopCotangent(x, label)),
      () => f(...args) as never,
    ) as Out;
}

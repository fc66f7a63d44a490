import { DenseTensor, type Equation, Program, type Tensor } from "@pushforward/tensor";
import { stopLabel } from "./equationPart.ts";

/** Primitives that only change shape or type. */
const viewNames = new Set(["broadcastTo", "reshape", "cast", "expandDims", "squeeze"]);

/** A program without the equations that lengthen a drawing and explain nothing. */
export interface DrawnProgram {
  readonly program: Program;
  /** Values that are computed from constants alone: a formula writes them out. */
  readonly constants: ReadonlyMap<Tensor, Equation>;
}

/** Leaves out views, which stand for the value that they show, and equations of constants. Named values and results stay. */
export function withoutViews({ inputs, equations, outputs, names }: Program): DrawnProgram {
  const shown = new Map<Tensor, Tensor>();
  const constants = new Map<Tensor, Equation>();
  const read = (x: Tensor): Tensor => shown.get(x) ?? x;
  const isConstant = (x: Tensor): boolean => x instanceof DenseTensor || constants.has(x);
  const kept: Equation[] = [];
  for (const equation of equations) {
    const drawn = { ...equation, operands: equation.operands.map(read) };
    const { output, operands, primitive } = drawn;
    if (names.has(output) || outputs.includes(output) || stopLabel(equation) !== undefined) kept.push(drawn);
    else if (viewNames.has(primitive.name)) shown.set(output, operands[0]);
    else if (operands.every(isConstant)) constants.set(output, drawn);
    else kept.push(drawn);
  }
  return { program: new Program(inputs, kept, outputs, names), constants };
}

/** Whether an equation only changes shape or type. */
export const isView = ({ primitive }: Equation): boolean => viewNames.has(primitive.name);

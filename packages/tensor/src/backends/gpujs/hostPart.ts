import { BackendError } from "../../array/errors.ts";
import { formatShape, sizeOf } from "../../array/shape.ts";
import { DenseTensor, type Tensor } from "../../array/tensor.ts";
import { roleOf } from "../../compiler/role.ts";
import { evaluate } from "../../interpret/evaluation.ts";
import type { Equation } from "../../program/equation.ts";
import { Program } from "../../program/program.ts";

/** A program in two parts: the host computes the first before launch, the device the second. */
export interface Split {
  /** Inputs of the program → values that the device needs, or that are results. */
  readonly host: Program;
  /** Inputs of the program, then results of the host → outputs of the program. */
  readonly device: Program;
}

/** Whether an equation only shows a value in another layout: it is computed where its reader is. */
function isView(equation: Equation): boolean {
  const role = roleOf(equation);
  return role === "view" || role === "marker";
}

/** Elements up to which a constant expression is computed when the program is prepared. */
const largestConstant = 2 ** 22;

/**
 * Splits a program: equations that depend on whole numbers and weak scalars alone (random keys, step counters, learning rates)
 * run on the host, since devices compute in float32 and such work is small.
 *
 * @throws BackendError for float64 on the device
 */
export function splitProgram(program: Program): Split {
  const { equations, outputs } = foldConstants(program);
  const hosted = hostedEquations(program, equations);
  const host = equations.filter((equation) => hosted.has(equation));
  const device = equations.filter((equation) => !hosted.has(equation));
  const needed = new Set<Tensor>([...device.flatMap(({ operands }) => operands), ...outputs]);
  const crossing = host.map(({ output }) => output).filter((x) => needed.has(x));
  for (const x of [...device.flatMap(({ operands, output }) => [...operands, output])]) checkPrecision(x);
  return {
    host: new Program(program.inputs, host, crossing),
    device: new Program([...program.inputs, ...crossing], device, outputs),
  };
}

/** Computes the equations that depend on no input. */
function foldConstants(program: Program): Pick<Program, "equations" | "outputs"> {
  const values = new Map<Tensor, DenseTensor>();
  const read = (x: Tensor): Tensor => values.get(x) ?? x;
  const equations = program.equations.flatMap((equation) => {
    const operands = equation.operands.map(read);
    const isConstant = operands.every((x) => x instanceof DenseTensor) && !isView(equation);
    if (!isConstant || equation.output.size > largestConstant) return [{ ...equation, operands }];
    values.set(equation.output, evaluate(equation.primitive, operands as DenseTensor[], equation.params));
    return [];
  });
  return { equations, outputs: program.outputs.map(read) };
}

function hostedEquations(program: Program, equations: readonly Equation[]): Set<Equation> {
  const discrete = new Set<Tensor>(program.inputs.filter(isDiscrete));
  const definitions = new Map<Tensor, Equation>();
  const able = equations.filter((equation) => {
    const { operands, output } = equation;
    if (!operands.every((x) => x instanceof DenseTensor || discrete.has(x))) return false;
    discrete.add(output);
    definitions.set(output, equation);
    return true;
  });
  const hosted = new Set<Equation>();
  const host = (equation: Equation): void => {
    if (hosted.has(equation)) return;
    hosted.add(equation);
    for (const x of equation.operands) if (definitions.has(x)) host(definitions.get(x)!);
  };
  for (const equation of able) if (belongsToHost(equation)) host(equation);
  return hosted;
}

/** Whole numbers, bools, and plain numbers. */
const isDiscrete = (x: Tensor): boolean => x.dtype === "int32" || x.dtype === "bool" || (x.weak && x.rank === 0);

function belongsToHost(equation: Equation): boolean {
  const { operands, output } = equation;
  if (isView(equation)) return false;
  if (roleOf(equation) === "host") return true;
  const types = [...operands, output];
  return types.some(({ dtype }) => dtype === "int32") || types.every(({ shape }) => sizeOf(shape) <= 1);
}

/** Throws for float64, except for a weak value, which may become float32. */
function checkPrecision(x: Tensor): void {
  if (x.dtype !== "float64" || x.weak) return;
  throw new BackendError(
    `gpujs: the device computes in float32, got float64 ${formatShape(x.shape)}; cast it with cast(x, "float32"), or use backend "wasm"`,
  );
}

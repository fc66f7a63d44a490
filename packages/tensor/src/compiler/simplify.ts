import { evaluate } from "../interpreter.ts";
import { type Equation, Program, type Variable } from "../program/program.ts";
import { DenseTensor, type Tensor } from "../tensor.ts";
import { rewrite } from "./rewrite.ts";

/** Constants up to this many elements are compared by value, and folded. */
const smallConstant = 1024;

/** Primitives whose equations are never merged or folded away. */
const opaque: ReadonlySet<string> = new Set(["barrier"]);

/** Derivative markers that mean nothing once a program only runs. */
const markers: ReadonlySet<string> = new Set(["stopGradient", "stopTangent", "stopCotangent"]);

/**
 * An equivalent program with less to do: markers removed, constants folded, algebraic identities applied, equal equations
 * merged, unused ones dropped.
 */
export function simplify(program: Program): Program {
  const simplifier = new Simplifier();
  const equations: Equation[] = [];
  for (const equation of program.equations) simplifier.visit(equation, equations);
  return dropUnused(
    new Program(
      program.inputs,
      equations,
      program.outputs.map((x) => simplifier.read(x)),
    ),
  );
}

class Simplifier {
  private readonly replaced = new Map<Tensor, Tensor>();
  private readonly known = new Map<string, Variable>();
  private readonly ids = new Map<Tensor, number>();
  private readonly constants = new Map<string, Tensor>();
  private readonly definitions = new Map<Tensor, Equation>();

  /** What stands for a value now; equal small constants are one. */
  read(x: Tensor): Tensor {
    const value = this.replaced.get(x) ?? x;
    if (!(value instanceof DenseTensor) || value.buffer.length > smallConstant) return value;
    const text = `${value.dtype}${value.weak}[${value.shape}]${Array.from(value.buffer, (n) => (Object.is(n, -0) ? "-0" : n)).join()}`;
    const same = this.constants.get(text);
    if (same) return same;
    this.constants.set(text, value);
    return value;
  }

  visit(equation: Equation, out: Equation[]): void {
    const operands = equation.operands.map((x) => this.read(x));
    if (markers.has(equation.primitive.name)) {
      this.replaced.set(equation.output, operands[0]);
      return;
    }
    const folded = this.fold(equation, operands);
    if (folded) {
      this.replaced.set(equation.output, folded);
      return;
    }
    const result = opaque.has(equation.primitive.name)
      ? { ...equation, operands }
      : rewrite({ ...equation, operands }, this.definitions);
    if (!("primitive" in result)) this.replaced.set(equation.output, this.read(result));
    else this.emit(result, out);
  }

  private fold({ primitive, params, output }: Equation, operands: readonly Tensor[]): DenseTensor | undefined {
    if (output.size > smallConstant || opaque.has(primitive.name)) return undefined;
    if (!operands.every((x): x is DenseTensor => x instanceof DenseTensor)) return undefined;
    return evaluate(primitive, operands, params);
  }

  private emit(equation: Equation, out: Equation[]): void {
    const text = `${equation.primitive.name}(${equation.operands.map((x) => this.id(x))})${JSON.stringify(equation.params)}${equation.output.weak}`;
    const same = opaque.has(equation.primitive.name) ? undefined : this.known.get(text);
    if (same) {
      this.replaced.set(equation.output, same);
      return;
    }
    this.known.set(text, equation.output);
    this.definitions.set(equation.output, equation);
    out.push(equation);
  }

  private id(x: Tensor): number {
    const id = this.ids.get(x) ?? this.ids.size;
    this.ids.set(x, id);
    return id;
  }
}

/** Keeps equations whose output is needed. */
export function dropUnused(program: Program): Program {
  const needed = new Set<Tensor>(program.outputs);
  const kept: Equation[] = [];
  for (const equation of [...program.equations].reverse()) {
    if (!needed.has(equation.output)) continue;
    kept.push(equation);
    for (const x of equation.operands) needed.add(x);
  }
  return new Program(program.inputs, kept.reverse(), program.outputs);
}

import { DenseTensor, type Tensor } from "../array/tensor.ts";
import { evaluate } from "../interpret/evaluation.ts";
import { type Equation, mustBeProgram, type Variable } from "../program/equation.ts";
import { Program } from "../program/program.ts";
import { rewrite } from "./rewrite.ts";
import { roleOf } from "./role.ts";

/** Constants up to this many elements are compared by value, and folded. */
const smallConstant = 1024;

/** Whether an equation is never merged or folded away. */
const isOpaque = ({ primitive }: Equation): boolean => primitive.isOpaque === true;

/** Whether an equation marks something for derivatives, which has no effect on a program that only runs. */
const isMarker = (equation: Equation): boolean => roleOf(equation) === "marker" && !isOpaque(equation);

/**
 * An equivalent program with less to do: markers removed, constants folded, algebraic identities applied, equal equations
 * merged, unused equations removed.
 */
export function simplify(program: Program): Program {
  mustBeProgram("simplify", program);
  const simplifier = new Simplifier();
  const equations: Equation[] = [];
  for (const equation of program.equations) simplifier.visit(equation, equations);
  return dropUnused(
    new Program(
      program.inputs,
      equations,
      program.outputs.map((x) => simplifier.read(x)),
      simplifier.namesFrom(program),
    ),
  );
}

/**
 * An equivalent program for a reader: equal equations merged, unused equations removed. Markers such as stop-gradients stay, and so
 * do the numbers: no equation is folded or rewritten.
 */
export function mergeEqual(program: Program): Program {
  mustBeProgram("mergeEqual", program);
  const simplifier = new Simplifier();
  const equations: Equation[] = [];
  for (const equation of program.equations) simplifier.merge(equation, equations);
  const outputs = program.outputs.map((x) => simplifier.read(x));
  return dropUnused(new Program(program.inputs, equations, outputs, simplifier.namesFrom(program)));
}

class Simplifier {
  private readonly replaced = new Map<Tensor, Tensor>();
  private readonly known = new Map<string, Variable>();
  private readonly ids = new Map<object, number>();
  private readonly constants = new Map<string, Tensor>();
  private readonly compared = new Map<Tensor, Tensor>();
  private readonly definitions = new Map<Tensor, Equation>();

  /** The value that replaces a value; equal small constants become one. */
  read(x: Tensor): Tensor {
    const value = this.replaced.get(x) ?? x;
    if (!(value instanceof DenseTensor) || value.buffer.length > smallConstant) return value;
    const known = this.compared.get(value);
    if (known) return known;
    const same = this.sameConstant(value);
    this.compared.set(value, same);
    return same;
  }

  /** The first constant of the same type with the same elements. */
  private sameConstant(value: DenseTensor): Tensor {
    const text = `${value.dtype}${value.weak}[${value.shape}]${Array.from(value.buffer, (n) => (Object.is(n, -0) ? "-0" : n)).join()}`;
    const same = this.constants.get(text);
    if (same) return same;
    this.constants.set(text, value);
    return value;
  }

  visit(equation: Equation, out: Equation[]): void {
    const operands = equation.operands.map((x) => this.read(x));
    if (isMarker(equation)) {
      this.replaced.set(equation.output, operands[0]);
      return;
    }
    const folded = this.fold(equation, operands);
    if (folded) {
      this.replaced.set(equation.output, folded);
      return;
    }
    const result = isOpaque(equation)
      ? { ...equation, operands }
      : rewrite({ ...equation, operands }, this.definitions);
    if (!("primitive" in result)) this.replaced.set(equation.output, this.read(result));
    else this.emit(result, out);
  }

  /** Keeps an equation, unless an equal one is known. */
  merge(equation: Equation, out: Equation[]): void {
    this.emit({ ...equation, operands: equation.operands.map((x) => this.read(x)) }, out);
  }

  /** Names of the values that are left. The name of a replaced value moves to its replacement, unless that has a name. */
  namesFrom({ names }: Program): ReadonlyMap<Tensor, string> {
    const left = new Map([...names].filter(([x]) => !this.replaced.has(x)));
    for (const [x, name] of names) {
      const value = this.read(x);
      if (!left.has(value)) left.set(value, name);
    }
    return left;
  }

  private fold(equation: Equation, operands: readonly Tensor[]): DenseTensor | undefined {
    const { primitive, params, output } = equation;
    if (output.size > smallConstant || isOpaque(equation)) return undefined;
    if (!operands.every((x): x is DenseTensor => x instanceof DenseTensor)) return undefined;
    return evaluate(primitive, operands, params);
  }

  private emit(equation: Equation, out: Equation[]): void {
    const { primitive, operands, params, output } = equation;
    // Primitives that callers define may share a name.
    const inputs = [primitive, ...operands].map((x) => this.id(x));
    const text = `${inputs}${JSON.stringify(params, writeNumber)}${output.weak}`;
    const same = isOpaque(equation) ? undefined : this.known.get(text);
    if (same) {
      this.replaced.set(equation.output, same);
      return;
    }
    this.known.set(text, equation.output);
    this.definitions.set(equation.output, equation);
    out.push(equation);
  }

  private id(x: object): number {
    const id = this.ids.get(x) ?? this.ids.size;
    this.ids.set(x, id);
    return id;
  }
}

/** JSON has no −0, NaN and infinities: parameters that differ in them are not equal. */
const writeNumber = (_: string, value: unknown): unknown =>
  typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0))
    ? [String(1 / value), String(value)]
    : value;

/** Keeps equations whose output is needed. */
export function dropUnused(program: Program): Program {
  mustBeProgram("dropUnused", program);
  const needed = new Set<Tensor>(program.outputs);
  const kept: Equation[] = [];
  for (const equation of [...program.equations].reverse()) {
    if (!needed.has(equation.output)) continue;
    kept.push(equation);
    for (const x of equation.operands) needed.add(x);
  }
  return new Program(program.inputs, kept.reverse(), program.outputs, program.names);
}

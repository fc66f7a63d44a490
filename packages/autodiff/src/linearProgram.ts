import {
  bind,
  type Callable,
  call,
  callerLine,
  currentGroup,
  type Equation,
  type Group,
  type Interpreter,
  type Primitive,
  type Tensor,
  type TensorType,
  under,
  Variable,
} from "@pushforward/tensor";
import { materialize } from "./leaves.ts";

/** A linear map given by functions; customVjp and checkpoint record linear maps in a linear program. */
export interface LinearMap {
  readonly name: string;
  /** Types of the outputs. */
  readonly outputs: readonly TensorType[];
  /** Tangents in, tangents out. */
  forward(tangents: readonly (Tensor | null)[]): readonly (Tensor | null)[];
  /** Cotangents of the outputs in, cotangents of the inputs out; null is zero. */
  transpose(cotangents: readonly (Tensor | null)[]): readonly (Tensor | null)[];
}

/** One application of a linear map. */
export interface LinearCall {
  readonly map: LinearMap;
  readonly operands: readonly (Tensor | null)[];
  readonly outputs: readonly Variable[];
  readonly group?: Group;
}

/** One step of a linear program. */
export type LinearStep = Equation | LinearCall;

/** A program in which every step is linear; its coefficients are values of the outer interpreters. */
export interface LinearProgram {
  readonly inputs: readonly (Variable | null)[];
  readonly steps: readonly LinearStep[];
  readonly outputs: readonly (Tensor | null)[];
  /** Names of the values whose tangents the program computes. */
  readonly names?: ReadonlyMap<Tensor, string>;
}

/** Whether a step is a call. */
export const isLinearCall = (step: LinearStep): step is LinearCall => "map" in step;

let withSources = false;

/** Runs `f` while recorders remember source lines, for messages. */
export function rememberingSources<T>(f: () => T): T {
  const previous = withSources;
  withSources = true;
  try {
    return f();
  } finally {
    withSources = previous;
  }
}

/** Records operations that depend on a tangent; the outer interpreter computes all other operations at once. */
export class Recorder implements Interpreter {
  readonly name = "linearize";
  depth = 0;
  readonly outer: Interpreter;
  readonly steps: LinearStep[] = [];
  readonly names = new Map<Tensor, string>();

  constructor(outer: Interpreter) {
    this.outer = outer;
  }

  input(type: TensorType): Variable {
    return new Variable(this, type);
  }

  owns(x: Tensor | null): x is Variable {
    return x instanceof Variable && x.interpreter === this;
  }

  bind<P extends object>(primitive: Primitive<P>, operands: readonly Tensor[], params: P): Tensor {
    if (!operands.some((x) => this.owns(x))) return under(this.outer, () => bind(primitive, operands, params));
    const output = this.input(primitive.type(operands, params));
    const source = withSources ? callerLine() : undefined;
    this.steps.push({
      primitive: primitive as Primitive<object>,
      operands,
      params,
      output,
      source,
      group: currentGroup(),
    });
    return output;
  }

  /** Applied to values, a callable keeps its rules for outer transforms; applied to tangents it is linear, and its body is recorded. */
  call(callable: Callable, args: readonly Tensor[]): readonly Tensor[] {
    return args.some((x) => this.owns(x)) ? callable.body(args) : under(this.outer, () => call(callable, args));
  }

  nameValue(x: Tensor, name: string): void {
    this.names.set(x, name);
  }

  /** Runs `f` under this recorder, even if the recorder has ended, and removes and returns the steps that `f` recorded. */
  capture<T>(f: () => T): { readonly result: T; readonly steps: LinearStep[] } {
    const from = this.steps.length;
    try {
      return under(this, () => ({ result: f(), steps: this.steps.splice(from) }));
    } finally {
      this.steps.length = Math.min(this.steps.length, from);
    }
  }

  record(map: LinearMap, operands: readonly (Tensor | null)[]): Variable[] {
    const outputs = map.outputs.map((type) => this.input(type));
    this.steps.push({ map, operands, outputs, group: currentGroup() });
    return outputs;
  }
}

/** Runs a linear program on tangents under the current interpreter. */
export function applyLinear(program: LinearProgram, tangents: readonly (Tensor | null)[]): (Tensor | null)[] {
  const values = new Map<Tensor, Tensor | null>();
  program.inputs.forEach((variable, i) => {
    if (variable) values.set(variable, tangents[i]);
  });
  const read = (x: Tensor | null): Tensor | null => (x !== null && values.has(x) ? values.get(x)! : x);
  for (const step of program.steps) {
    if (isLinearCall(step)) {
      const outs = step.map.forward(step.operands.map(read));
      step.outputs.forEach((variable, i) => {
        values.set(variable, materialize(outs[i], variable));
      });
    } else {
      values.set(
        step.output,
        bind(
          step.primitive,
          step.operands.map((x) => read(x)!),
          step.params,
        ),
      );
    }
  }
  return program.outputs.map(read);
}

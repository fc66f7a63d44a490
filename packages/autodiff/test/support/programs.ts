import {
  bind,
  type DenseTensor,
  isFloat,
  type Primitive,
  type Program,
  primitives,
  type Tensor,
  trace,
} from "@pushforward/tensor";
import type { RandomProgram } from "@pushforward/testing";
import { jvp, stopGradient, vjp } from "../../src/index.ts";
import { argumentsOf } from "../../src/leaves.ts";
import { linearizeAt } from "../../src/linearize.ts";
import { isLinearCall } from "../../src/linearProgram.ts";
import { wave } from "./derivativeCase.ts";

type Tensors = readonly Tensor[];
export type ListFunction = (...xs: Tensor[]) => Tensor[];

/** Directions in the inputs, and cotangents of the results. */
export const directionsOf = ({ inputs }: RandomProgram, phase: number): DenseTensor[] =>
  inputs.map((x, i) => wave(x.shape, phase + i, x.dtype as "float64"));
export const cotangentsOf = ({ f, inputs }: RandomProgram, phase = 40): DenseTensor[] =>
  f(...inputs).map((x, i) => wave(x.shape, phase + i, x.dtype as "float64"));

/** J·v and Jᵀ·w. */
export const push = (f: ListFunction, xs: Tensors, v: Tensors): Tensor[] => jvp(f, [...xs], v)[1];
export const pull = (f: ListFunction, xs: Tensors, w: Tensors): Tensor[] => vjp(f, [...xs])[1](w) as Tensor[];

/** Σ a·b over all elements of two lists. */
export function pairing(a: Tensors, b: Tensors): number {
  let sum = 0;
  a.forEach((x, i) => {
    const [p, q] = [x.dataSync(), b[i].dataSync()];
    for (let k = 0; k < p.length; k++) sum += p[k] * q[k];
  });
  return sum;
}

/**
 * What J·v adds up, with every term taken as positive: the linear program with |coefficients|, no differences, and |v|.
 * Rounding errors are a small part of this, also where the terms cancel.
 */
export function pushTerms(f: ListFunction, xs: Tensors, v: Tensors): Tensor[] {
  const { program, outs } = linearizeAt("terms", f, argumentsOf("terms", xs));
  const values = new Map<Tensor, Tensor>();
  program.inputs.forEach((x, i) => {
    if (x) values.set(x, v[i].abs());
  });
  const read = (x: Tensor): Tensor => values.get(x) ?? (isFloat(x.dtype) ? x.abs() : x);
  for (const step of program.steps) {
    if (isLinearCall(step)) throw new Error("terms: only primitives are counted");
    const operands = step.operands.map(read);
    const name = step.primitive.name;
    const out =
      name === "neg"
        ? operands[0]
        : bind(name === "sub" ? (primitives.add as Primitive<object>) : step.primitive, operands, step.params);
    values.set(step.output, out);
  }
  return program.outputs.map((x, i) => (x ? read(x) : outs[i].mul(0)));
}

/** Largest |a − b| over all elements, in parts of the largest |b| (at least `floor`). */
export function relativeGap(a: Tensors, b: Tensors, floor = 1e-3): number {
  let [gap, size] = [0, floor];
  a.forEach((x, i) => {
    const [p, q] = [x.dataSync(), b[i].dataSync()];
    if (p.length !== q.length) gap = Number.POSITIVE_INFINITY;
    for (let k = 0; k < p.length; k++) {
      if (p[k] === q[k]) continue;
      gap = Math.max(gap, Math.abs(p[k] - q[k]));
      size = Math.max(size, Math.abs(q[k]));
    }
  });
  return gap / size;
}

/** A traced program in which some values are marked on their way, e.g. stopped; `marked` tells by the equation's number. */
export function withMarks(
  program: Program,
  marked: (line: number) => boolean,
  mark: (x: Tensor) => Tensor,
): ListFunction {
  return (...xs) => {
    const values = new Map<Tensor, Tensor>(program.inputs.map((variable, i) => [variable, xs[i]]));
    const read = (x: Tensor): Tensor => values.get(x) ?? x;
    program.equations.forEach(({ primitive, operands, params, output }, line) => {
      const out = bind(primitive, operands.map(read), params);
      values.set(output, marked(line) && output.dtype === "float64" ? mark(out) : out);
    });
    return program.outputs.map(read);
  };
}

/** A random program with a mark behind about every third equation, at places that follow from a seed. */
export function markedProgram(
  program: RandomProgram,
  seed: number,
  mark = (x: Tensor) => stopGradient(x, "random"),
): RandomProgram {
  const traced = trace(program.f)(...program.inputs);
  const f = withMarks(traced, (line) => Math.sin(seed + 12.9 * line) > 0.4, mark);
  return { inputs: program.inputs, f, toString: () => `${program} with marks of seed ${seed}` };
}

import {
  asTensor,
  currentInterpreter,
  flatten,
  isFloat,
  type Leaf,
  type Structure,
  type Sync,
  type Tensor,
  under,
  unflatten,
} from "@pushforward/tensor";
import { splitAux } from "./aux.ts";
import { Dual, JvpInterpreter } from "./jvpInterpreter.ts";
import { type AnyFunction, type Arguments, applyTo, argumentsOf, checkList, materialize } from "./leaves.ts";
import { applyLinear, type LinearProgram, Recorder } from "./linearProgram.ts";
import { matchTangents } from "./matchTangents.ts";
import { checkNotLost } from "./reads.ts";
import type { TangentsOf } from "./tangentTree.ts";

/** A function's value at a point, and its derivative there as a linear program. */
export interface Linearized {
  readonly args: Arguments;
  /** Results as the function returned them. */
  readonly leaves: readonly Leaf[];
  readonly outs: readonly Tensor[];
  readonly structure: Structure;
  readonly paths: readonly string[];
  readonly program: LinearProgram;
  readonly aux: unknown;
}

/**
 * Runs `f` once with tangents recorded.
 *
 * @param isActive whether an argument leaf gets a tangent; all other leaves are constants
 */
export function linearizeAt(
  operation: string,
  f: AnyFunction,
  args: Arguments,
  hasAux = false,
  isActive: (leaf: number) => boolean = () => true,
): Linearized {
  const outer = currentInterpreter();
  const recorder = new Recorder(outer);
  const interpreter = new JvpInterpreter(operation, outer, recorder);
  const inputs = args.values.map((x, i) => (isFloat(x.dtype) && isActive(i) ? recorder.input(x) : null));
  const { out, aux } = under(recorder, () =>
    under(interpreter, () => {
      const duals = args.values.map((x, i) => {
        const dx = inputs[i];
        return dx ? new Dual(interpreter, x, dx) : x;
      });
      const raw = applyTo(f, args, duals);
      const split = splitAux(operation, raw, hasAux);
      return { out: flatten(split.out, operation), aux: flatten(split.aux, operation) };
    }),
  );
  checkNotLost(operation, interpreter, out);
  const leaves = out.leaves.map((leaf) => asTensor(leaf));
  return {
    args,
    leaves: out.leaves,
    outs: leaves.map((x) => interpreter.primalOf(x)),
    structure: out.structure,
    paths: out.paths,
    program: {
      inputs,
      steps: recorder.steps,
      outputs: leaves.map((x) => interpreter.tangentOf(x)),
      names: recorder.names,
    },
    aux: unflatten(
      aux.structure,
      aux.leaves.map((leaf) => interpreter.primalOf(asTensor(leaf))),
    ),
  };
}

/**
 * The value at a point and the derivative there as a linear function: coefficients are computed once.
 *
 *   [f(x), dx ↦ Df(x)·dx]
 *
 * @param primals arguments, one array entry each
 * @returns [out, linear]; linear takes an array of tangents
 */
export function linearize<Args extends readonly unknown[], Out>(
  f: (...args: Args) => Sync<Out>,
  primals: Readonly<Args>,
): [Out, (tangents: TangentsOf<Args>) => Out] {
  checkList("linearize", "primals", primals);
  const args = argumentsOf("linearize", primals);
  const { outs, structure, program } = linearizeAt("linearize", f as AnyFunction, args);
  const linear = (tangents: unknown): Out => {
    checkList("linearize", "tangents", tangents);
    const directions = matchTangents("linearize", "tangent", args, tangents).map((dx, i) =>
      materialize(dx, args.values[i]),
    );
    const results = applyLinear(program, directions);
    return unflatten(
      structure,
      outs.map((out, i) => materialize(results[i], out)),
    ) as Out;
  };
  return [unflatten(structure, outs) as Out, linear];
}

import { asTensor, currentInterpreter, flatten, type Tensor, under, unflatten } from "@pushforward/tensor";
import { type Outputs, type Result, type Returned, splitAux } from "./aux.ts";
import { Dual, JvpInterpreter } from "./jvpInterpreter.ts";
import { type AnyFunction, applyTo, argumentsOf, checkList, materialize } from "./leaves.ts";
import { matchTangents } from "./matchTangents.ts";
import { checkNotLost } from "./reads.ts";
import { stopGradient } from "./stop.ts";
import type { TangentsOf } from "./tangentTree.ts";

/** Options of jvp. */
export interface JvpOptions<HasAux extends boolean = false> {
  /** The function returns [out, aux]; aux is returned without a tangent. */
  readonly hasAux?: HasAux;
  /** Whether derivatives flow through the output tangent; false stops them there. Default true. */
  readonly tangentGrad?: boolean;
}

/**
 * Value and directional derivative in one pass.
 *
 *   [f(x), Df(x)·dx]
 *
 * @param primals  arguments, one array entry each
 * @param tangents directions: the same structure, shapes and dtypes; null for no tangent, and for int32 and bool
 * @returns [out, outTangent], and aux with hasAux; the tangent of a result that depends on no tangent is zero
 * @throws ShapeError, DTypeError with the leaf's path
 */
export function jvp<Args extends readonly unknown[], Out extends Result<HasAux>, HasAux extends boolean = false>(
  f: (...args: Args) => Returned<Out>,
  primals: Readonly<Args>,
  tangents: TangentsOf<Args>,
  options: JvpOptions<HasAux> = {},
): Outputs<Out, HasAux> {
  return jvpAs("jvp", f as AnyFunction, primals, tangents, options) as Outputs<Out, HasAux>;
}

/** jvp on behalf of another transform; error messages name `operation`. */
export function jvpAs(
  operation: string,
  f: AnyFunction,
  primals: readonly unknown[],
  tangents: readonly unknown[],
  options: JvpOptions<boolean> = {},
): unknown[] {
  checkList(operation, "primals", primals);
  checkList(operation, "tangents", tangents);
  const args = argumentsOf(operation, primals);
  const directions = matchTangents(operation, "tangent", args, tangents);
  const interpreter = new JvpInterpreter(operation, currentInterpreter());
  const result = under(interpreter, () => {
    const duals = args.values.map((x, i) => {
      const dx = directions[i];
      return dx ? new Dual(interpreter, x, dx) : x;
    });
    const raw = applyTo(f, args, duals);
    const { out, aux } = splitAux(operation, raw, options.hasAux ?? false);
    return { out: flatten(out, operation), aux: flatten(aux, operation) };
  });
  checkNotLost(operation, interpreter, result.out);
  const outs = result.out.leaves.map((leaf) => asTensor(leaf));
  const primal = unflatten(
    result.out.structure,
    outs.map((x) => interpreter.primalOf(x)),
  );
  const rawTangent = unflatten(
    result.out.structure,
    outs.map((x) => tangentOrZero(interpreter, x)),
  );
  const tangent = options.tangentGrad === false ? stopGradient(rawTangent, "tangent") : rawTangent;
  const aux = unflatten(
    result.aux.structure,
    result.aux.leaves.map((x) => interpreter.primalOf(asTensor(x))),
  );
  return options.hasAux ? [primal, tangent, aux] : [primal, tangent];
}

const tangentOrZero = (interpreter: JvpInterpreter, x: Tensor): Tensor | null =>
  materialize(interpreter.tangentOf(x), interpreter.primalOf(x));

import { isFloat, type Tensor, unflatten } from "@pushforward/tensor";
import type { AuxOf, MainOf, Result, Returned } from "./aux.ts";
import { type AnyFunction, argumentsOf, checkList, materialize } from "./leaves.ts";
import { type Linearized, linearizeAt } from "./linearize.ts";
import { matchTangents } from "./matchTangents.ts";
import type { TangentTree } from "./tangentTree.ts";
import { transposeLinear } from "./transpose.ts";

/** Options of vjp. */
export interface VjpOptions<HasAux extends boolean = false> {
  /** The function returns [out, aux]; aux is returned unchanged. */
  readonly hasAux?: HasAux;
}

/** The type of a gradient: every leaf is a tensor, or null where no derivative exists. */
export type GradTree<T> = T extends Tensor | number
  ? Tensor
  : T extends boolean | null | undefined
    ? null
    : { [K in keyof T]: GradTree<T[K]> };

/** The result type of vjp. */
export type VjpResult<Args extends readonly unknown[], Out, HasAux extends boolean> = HasAux extends true
  ? [MainOf<Out>, (ct: TangentTree<MainOf<Out>>) => { [I in keyof Args]: GradTree<Args[I]> }, AuxOf<Out>]
  : [Out, (ct: TangentTree<Out>) => { [I in keyof Args]: GradTree<Args[I]> }];

/** Pulls cotangents of the outputs back to all argument leaves. */
export function pullbackLeaves(
  { args, program }: Linearized,
  cotangents: readonly (Tensor | null)[],
): (Tensor | null)[] {
  const pulled = transposeLinear(program, cotangents);
  return pulled.map((ct, i) => (isFloat(args.values[i].dtype) ? materialize(ct, args.values[i]) : null));
}

/**
 * The value, and the pullback, which maps cotangents of the result to cotangents of the arguments: linearize, then transpose.
 *
 *   [f(x), ct ↦ Df(x)ᵀ·ct]
 *
 * @param primals arguments, one array entry each
 * @returns [out, pullback], and aux with hasAux; pullback(ct) is an array, one entry per argument
 * @throws ShapeError, DTypeError with the leaf's path
 */
export function vjp<Args extends readonly unknown[], Out extends Result<HasAux>, HasAux extends boolean = false>(
  f: (...args: Args) => Returned<Out>,
  primals: Readonly<Args>,
  options: VjpOptions<HasAux> = {},
): VjpResult<Args, Out, HasAux> {
  checkList("vjp", "primals", primals);
  const args = argumentsOf("vjp", primals);
  const at = linearizeAt("vjp", f as AnyFunction, args, options.hasAux ?? false);
  const outs = { values: at.outs, flat: at };
  const pullback = (ct: unknown): unknown =>
    unflatten(args.flat.structure, pullbackLeaves(at, matchTangents("vjp", "cotangent", outs, ct)));
  const out = unflatten(at.structure, [...at.outs]);
  return (options.hasAux ? [out, pullback, at.aux] : [out, pullback]) as VjpResult<Args, Out, HasAux>;
}

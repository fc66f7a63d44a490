import { DTypeError, flatten, formatShape, isFloat, ones, ShapeError, Tensor, unflatten } from "@pushforward/tensor";
import type { AuxOf, MainOf } from "./aux.ts";
import { type AnyFunction, type Arguments, argumentsOf, checkFloat } from "./leaves.ts";
import { type Linearized, linearizeAt } from "./linearize.ts";
import { type GradTree, pullbackLeaves } from "./vjp.ts";

/** Which arguments: one number (the default is 0), or a list. */
export type Argnums = number | readonly number[];

/** Options of grad and its relatives. */
export interface GradOptions<A extends Argnums = 0, HasAux extends boolean = false> {
  /** A number gives one tree, a list a tuple. Default 0. */
  readonly argnums?: A;
  /** The function returns [value, aux]. */
  readonly hasAux?: HasAux;
}

/**
 * Gradients of the arguments that argnums selects. (`infer` prevents TypeScript from inferring A from an expected result type, for example
 * where a gradient is passed as a function from tensors to tensors.)
 */
export type GradsOf<Args extends readonly unknown[], A extends Argnums> = A extends number
  ? GradTree<Args[A]>
  : A extends infer List extends readonly number[]
    ? { [I in keyof List]: List[I] extends number ? GradTree<Args[List[I]]> : never }
    : never;

/** The selected arguments, and where each argument's leaves begin among the flattened leaves. */
interface Selected {
  readonly starts: readonly number[];
  readonly argnums: readonly number[];
}

/** Checks argnums and finds where each argument's leaves begin among the flattened leaves. */
export function selectArguments(operation: string, args: readonly unknown[], argnums: Argnums): Selected {
  const list = typeof argnums === "number" ? [argnums] : argnums;
  const counts = args.map((arg) => flatten(arg, operation).leaves.length);
  const bad = list.find((n) => !Number.isInteger(n) || n < 0 || n >= args.length);
  if (bad !== undefined || new Set(list).size !== list.length) {
    throw new ShapeError(
      `${operation}: argnums must be distinct and in [0, ${args.length}), got ${formatShape(list)} for ${args.length} argument(s)`,
    );
  }
  const starts = counts.map((_, i) => counts.slice(0, i).reduce((a, b) => a + b, 0));
  return { starts: [...starts, counts.reduce((a, b) => a + b, 0)], argnums: list };
}

/** Whether a leaf belongs to a chosen argument. */
export const isSelected =
  ({ starts, argnums }: Selected) =>
  (leaf: number): boolean =>
    argnums.some((n) => leaf >= starts[n] && leaf < starts[n + 1]);

/** Results for the chosen arguments in their own structures: one tree for a number, a tuple for a list. */
export function selectResults(
  args: readonly unknown[],
  selected: Selected,
  argnums: Argnums,
  leaves: readonly unknown[],
): unknown {
  const trees = selected.argnums.map((n) => {
    const { structure } = flatten(args[n], "grad");
    return unflatten(structure, leaves.slice(selected.starts[n], selected.starts[n + 1]));
  });
  return typeof argnums === "number" ? trees[0] : trees;
}

/** Throws a DTypeError if a chosen leaf has no gradient. */
export function checkSelected(
  operation: string,
  { flat, values }: Arguments,
  isActive: (leaf: number) => boolean,
): void {
  const keep = <T>(list: readonly T[]): T[] => list.filter((_, i) => isActive(i));
  checkFloat(operation, { flat: { ...flat, paths: keep(flat.paths) }, values: keep(values) });
}

function scalarOf(operation: string, at: Linearized): Tensor {
  const [out] = at.outs;
  if (at.outs.length !== 1 || at.structure.kind !== "leaf") {
    throw new ShapeError(
      `${operation}: the function must return one scalar, got a tree of ${at.outs.length} leaves; with extra results use hasAux`,
    );
  }
  const [leaf] = at.leaves;
  if (!(leaf instanceof Tensor))
    throw new DTypeError(
      `${operation}: the function must return a tensor, got the plain ${typeof leaf} ${leaf}, which has lost its derivative; compute with tensors, without item() and dataSync(), or return tensor(${leaf}) if it is meant to be constant`,
    );
  if (!isFloat(out.dtype))
    throw new DTypeError(`${operation}: the function must return a float, got ${out.dtype}, which has no derivative`);
  if (out.rank === 0) return out;
  throw new ShapeError(
    `${operation}: the function must return a scalar, got ${formatShape(out.shape)}; wrap it in mean() or use vjp`,
  );
}

/** Value, aux and gradients at a point; error messages name `operation`. */
export function gradAt(
  operation: string,
  f: AnyFunction,
  raw: readonly unknown[],
  options: GradOptions<Argnums, boolean>,
) {
  const argnums = options.argnums ?? 0;
  const args = argumentsOf(operation, raw);
  const selected = selectArguments(operation, raw, argnums);
  const isActive = isSelected(selected);
  checkSelected(operation, args, isActive);
  const at = linearizeAt(operation, f, args, options.hasAux ?? false, isActive);
  const value = scalarOf(operation, at);
  const leaves = pullbackLeaves(at, [ones([], { dtype: value.dtype })]);
  return { value, aux: at.aux, grads: selectResults(raw, selected, argnums, leaves) };
}

/** The type that a function with a gradient returns: a tensor (a plain number has lost its derivative), or with hasAux [tensor, aux]. */
export type Differentiable<HasAux extends boolean> = HasAux extends true ? readonly [Tensor, unknown] : Tensor;

/** The result type of valueAndGrad. */
export type ValueAndGrad<Out, Grads, HasAux extends boolean> = HasAux extends true
  ? [[MainOf<Out>, AuxOf<Out>], Grads]
  : [Out, Grads];

/**
 * A function that returns the value and the gradient.
 *
 *   [f(x), ∇f(x)];   with hasAux [[f(x), aux], ∇f(x)]
 *
 * @throws ShapeError unless the value is a scalar; DTypeError for an int32 or bool leaf, with its path
 */
export function valueAndGrad<
  Args extends readonly unknown[],
  Out extends Differentiable<HasAux>,
  const A extends Argnums = 0,
  HasAux extends boolean = false,
>(
  f: (...args: Args) => Out,
  options: GradOptions<A, HasAux> = {},
): (...args: Args) => ValueAndGrad<Out, GradsOf<Args, A>, HasAux> {
  return (...raw) => {
    const { value, aux, grads } = gradAt("valueAndGrad", f as AnyFunction, raw, options);
    return [options.hasAux ? [value, aux] : value, grads] as ValueAndGrad<Out, GradsOf<Args, A>, HasAux>;
  };
}

/** The result type of grad. */
export type Grad<Out, Grads, HasAux extends boolean> = HasAux extends true ? [Grads, AuxOf<Out>] : Grads;

/**
 * A function that returns the gradient of a scalar function.
 *
 *   ∇f(x);   with hasAux [∇f(x), aux]
 *
 * @throws ShapeError unless the value is a scalar; DTypeError for an int32 or bool leaf, with its path
 */
export function grad<
  Args extends readonly unknown[],
  Out extends Differentiable<HasAux>,
  const A extends Argnums = 0,
  HasAux extends boolean = false,
>(
  f: (...args: Args) => Out,
  options: GradOptions<A, HasAux> = {},
): (...args: Args) => Grad<Out, GradsOf<Args, A>, HasAux> {
  return (...raw) => {
    const { aux, grads } = gradAt("grad", f as AnyFunction, raw, options);
    return (options.hasAux ? [grads, aux] : grads) as Grad<Out, GradsOf<Args, A>, HasAux>;
  };
}

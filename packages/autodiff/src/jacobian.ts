import {
  concat,
  DomainError,
  expandDims,
  eye,
  formatShape,
  isFloat,
  key,
  keys,
  mean,
  moveAxis,
  normal,
  reshape,
  ShapeError,
  type Sync,
  sign,
  slice,
  stack,
  sum,
  Tensor,
  unflatten,
  where,
  zeros,
} from "@pushforward/tensor";
import { nameOf } from "./aux.ts";
import {
  type Argnums,
  checkSelected,
  type GradsOf,
  gradAt,
  isSelected,
  selectArguments,
  selectResults,
} from "./grad.ts";
import { jvpAs } from "./jvp.ts";
import { type AnyFunction, applyTo, argumentsOf, checkList, materialize } from "./leaves.ts";
import { linearizeAt } from "./linearize.ts";
import type { TangentsOf } from "./tangentTree.ts";
import { transposeLinear } from "./transpose.ts";
import { vmap } from "./vmap.ts";

/** Options of jacfwd, jacrev and hessian. */
export interface JacobianOptions<A extends Argnums = 0> {
  /** A number gives one tree, a list a tuple. Default 0. */
  readonly argnums?: A;
}

/** A tree of results whose leaves are trees of arguments. */
export type JacobianOf<Out, Grads> = Out extends Tensor | number
  ? Grads
  : { [K in keyof Out]: JacobianOf<Out[K], Grads> };

/** Unit vectors of a tensor's space: [size, ...shape]. */
const basisOf = (x: Tensor): Tensor =>
  reshape(eye(x.size, x.size, { dtype: x.dtype as "float64" }), [x.size, ...x.shape]);

/**
 * Jacobian by forward mode: vmap over one jvp per input element. For a result [...O] and an argument [...I] it is a tensor [...O, ...I];
 * for trees it is a tree of results whose leaves are trees of arguments. The Jacobian of an int32 or bool result is null.
 *
 * @throws DTypeError for an int32 or bool argument leaf, with its path
 */
export function jacfwd<Args extends readonly unknown[], Out, const A extends Argnums = 0>(
  f: (...args: Args) => Sync<Out>,
  options: JacobianOptions<A> = {},
): (...args: Args) => JacobianOf<Out, GradsOf<Args, A>> {
  return jacfwdAs("jacfwd", f as AnyFunction, options) as (...args: Args) => JacobianOf<Out, GradsOf<Args, A>>;
}

const jacfwdAs =
  (operation: string, f: AnyFunction, options: JacobianOptions<Argnums>) =>
  (...raw: readonly unknown[]): unknown => {
    const { argnums = 0 } = options;
    const args = argumentsOf(operation, raw);
    const selected = selectArguments(operation, raw, argnums);
    const isActive = isSelected(selected);
    checkSelected(operation, args, isActive);
    const flatF = (...leaves: Tensor[]): unknown => applyTo(f, args, leaves);
    const columns = args.values.map((x, i) => {
      if (!isActive(i)) return null;
      const push = (dx: Tensor): unknown =>
        jvpAs(
          operation,
          flatF,
          args.values,
          args.values.map((_, j) => (j === i ? dx : null)),
        )[1];
      return argumentsOf(operation, vmap(push)(basisOf(x)));
    });
    const shape = columns.find((column) => column !== null);
    if (!shape) throw new ShapeError(`${operation}: argnums must name an argument with at least one leaf`);
    const blocks = shape.values.map((_, o) => {
      const leaves = args.values.map((x, i) => {
        const column = columns[i]?.values[o];
        return column ? reshape(moveAxis(column, 0, -1), [...column.shape.slice(1), ...x.shape]) : null;
      });
      return selectResults(raw, selected, argnums, leaves);
    });
    return unflatten(shape.flat.structure, blocks);
  };

/**
 * Jacobian by reverse mode: vmap over one pullback per output element. The result is that of jacfwd.
 *
 * @throws DTypeError for an int32 or bool leaf, with its path
 */
export function jacrev<Args extends readonly unknown[], Out, const A extends Argnums = 0>(
  f: (...args: Args) => Sync<Out>,
  options: JacobianOptions<A> = {},
): (...args: Args) => JacobianOf<Out, GradsOf<Args, A>> {
  return jacrevAs("jacrev", f as AnyFunction, options) as (...args: Args) => JacobianOf<Out, GradsOf<Args, A>>;
}

const jacrevAs =
  (operation: string, f: AnyFunction, options: JacobianOptions<Argnums>) =>
  (...raw: readonly unknown[]): unknown => {
    const { argnums = 0 } = options;
    const args = argumentsOf(operation, raw);
    const selected = selectArguments(operation, raw, argnums);
    const isActive = isSelected(selected);
    checkSelected(operation, args, isActive);
    const at = linearizeAt(operation, f, args, false, isActive);
    const blocks = at.outs.map((out, o) => {
      if (!isFloat(out.dtype)) return null;
      const pull = (ct: Tensor): (Tensor | null)[] =>
        transposeLinear(
          at.program,
          at.outs.map((_, i) => (i === o ? ct : null)),
        ).map((row, i) => (isActive(i) ? materialize(row, args.values[i]) : null));
      const rows = vmap(pull)(basisOf(out));
      const leaves = rows.map((row, i) =>
        row === null ? null : reshape(row, [...out.shape, ...args.values[i].shape]),
      );
      return selectResults(raw, selected, argnums, leaves);
    });
    return unflatten(at.structure, blocks);
  };

/** Second derivatives of a scalar function by forward over reverse mode: [...I, ...I] for an argument [...I]. */
export function hessian<Args extends readonly unknown[], Out, const A extends Argnums = 0>(
  f: (...args: Args) => Sync<Out>,
  options: JacobianOptions<A> = {},
): (...args: Args) => JacobianOf<GradsOf<Args, A>, GradsOf<Args, A>> {
  const twice = jacfwdAs("hessian", jacrevAs("hessian", f as AnyFunction, options), options);
  return twice as unknown as (...args: Args) => JacobianOf<GradsOf<Args, A>, GradsOf<Args, A>>;
}

/**
 * The product of the Hessian and a vector, as the tangent of the gradient; the Hessian itself is never built.
 *
 *   ∇²f(x)·dx
 *
 * @param primals  arguments, one array entry each; all of them are differentiated
 * @param tangents directions in the structure of primals
 */
export function hvp<Args extends readonly unknown[]>(
  f: (...args: Args) => Tensor,
  primals: Readonly<Args>,
  tangents: TangentsOf<Args>,
): Args {
  checkList("hvp", "primals", primals);
  const all = primals.map((_, i) => i);
  const gradient = (...args: unknown[]): unknown => gradAt("hvp", f as AnyFunction, args, { argnums: all }).grads;
  return jvpAs("hvp", gradient, primals, tangents)[1] as Args;
}

/** Options of divergence. */
export interface DivergenceOptions {
  /** "exact": one jvp per coordinate; "hutchinson": random directions. Default exact. */
  readonly method?: "exact" | "hutchinson";
  /** For hutchinson: the key of the directions. Default key(0). */
  readonly key?: Tensor;
  /** For hutchinson: directions to average over. Default 1. */
  readonly samples?: number;
  /** For hutchinson: law of the directions. Default rademacher. */
  readonly law?: "rademacher" | "normal";
}

/**
 * Divergence of a field that treats every row independently: [..., dim] → [...].
 *
 *   exact Σᵢ ∂fᵢ/∂xᵢ;   hutchinson mean of ε·(∂f/∂x ε) with E εεᵀ = 1
 *
 * @throws ShapeError unless the field keeps the shape
 */
export function divergence(f: (x: Tensor) => Tensor, options: DivergenceOptions = {}): (x: Tensor) => Tensor {
  const { method = "exact", samples = 1, law = "rademacher" } = options;
  if (!Number.isInteger(samples) || samples < 1)
    throw new DomainError(`divergence: samples must be a whole number ≥ 1, got ${samples}`);
  const push = (x: Tensor, dx: Tensor): Tensor => {
    const [out, tangent] = jvpAs("divergence", f, [x], [dx]) as [Tensor, Tensor];
    if (!(out instanceof Tensor))
      throw new ShapeError(`divergence: the field must return a tensor, got ${nameOf(out)}`);
    if (formatShape(out.shape) === formatShape(x.shape) && x.rank > 0) return tangent;
    throw new ShapeError(
      `divergence: the field must keep the shape [..., dim], got ${formatShape(x.shape)} to ${formatShape(out.shape)}`,
    );
  };
  if (method === "exact") return (x) => exactDivergence(push, x);
  return (x) => {
    const estimates = keys(options.key ?? key(0), samples).map((k) => {
      const noise = normal(k, x.shape, { dtype: x.dtype as "float64" });
      const direction = law === "normal" ? noise : where(sign(noise).equal(0), 1, sign(noise)).cast(x.dtype);
      return sum(direction.mul(push(x, direction)), -1);
    });
    return mean(stack(estimates), 0);
  };
}

function exactDivergence(push: (x: Tensor, dx: Tensor) => Tensor, x: Tensor): Tensor {
  const dim = x.shape[x.rank - 1] ?? 0;
  const unit = eye(dim, dim, { dtype: x.dtype as "float64" });
  const parts = Array.from({ length: dim }, (_, i) => {
    const direction = zeros(x.shape, { dtype: x.dtype }).add(slice(unit, i));
    return expandDims(slice(push(x, direction), ...new Array<null>(x.rank - 1).fill(null), i), -1);
  });
  return dim === 0 ? sum(push(x, x), -1) : sum(concat(parts, -1), -1);
}

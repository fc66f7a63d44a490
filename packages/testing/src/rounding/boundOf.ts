import {
  DenseTensor,
  isFloat,
  type NameWithRole,
  type Primitive,
  primitiveOf,
  sizeOf,
  type TypedArray,
} from "@pushforward/tensor";
import { mapBound } from "./mapBound.ts";
import { isReordered, roundingOf, roundingsOfSum } from "./rules.ts";

/** A value of the reference, and the error bound of compiled code; undefined stands for zeros. */
export interface Uncertain {
  readonly value: DenseTensor;
  readonly bound: Float64Array | undefined;
}

/** One equation as its rule sees it. */
export interface Operation {
  readonly primitive: Primitive<object>;
  readonly params: object;
  /** Its own largest error in units of the last place. */
  readonly ulps: number;
  evaluate(operands: readonly DenseTensor[]): DenseTensor;
}

type Rule = (operation: Operation, operands: readonly Uncertain[], value: DenseTensor) => Float64Array;

/** The error bound of a result, or undefined where its bits are certain. */
export function boundOf(
  operation: Operation,
  operands: readonly Uncertain[],
  value: DenseTensor,
): Float64Array | undefined {
  const { name } = operation.primitive;
  const isCertain = operands.every(({ bound }) => bound === undefined);
  if (isCertain && (!isFloat(value.dtype) || (!isReordered(name) && operation.ulps === 0))) return undefined;
  return withoutNaN(ruleOf(operation.primitive)(operation, operands, value));
}

/** Rules of the primitives that are neither maps, views nor markers: a primitive without a row does not compile. */
const rules: Readonly<Record<NameWithRole<"reduce" | "contract" | "scan" | "move" | "host">, Rule>> = {
  sum: (operation, [x], value) => sumBound(operation, [x], value, x.value.size / Math.max(1, value.size)),
  cumsum: (operation, [x], value) => sumBound(operation, [x], value, x.value.size),
  scatterAdd: (operation, [x, indices], value) =>
    indices.bound ? everywhere(value) : sumBound(operation, [x, indices], value, x.value.size),
  matmul: (operation, [a, b], value) => productBound(operation, [a, b], value, a.value.shape.at(-1)!),
  conv: (operation, [x, kernel], value) =>
    productBound(operation, [x, kernel], value, sizeOf(kernel.value.shape.slice(-4, -1))),
  max: moved,
  min: moved,
  argmax: ordered,
  argsort: ordered,
  gather: (operation, operands, value) => (operands[1].bound ? everywhere(value) : moved(operation, operands)),
  concat: moved,
  pad: moved,
  iota: (_, __, value) => new Float64Array(value.size),
};

/** The rule of a primitive; throws where there is none, since a missing rule would check nothing. */
function ruleOf({ name, role }: Primitive<object>): Rule {
  if (role === "map") return mapBound;
  if (role === "view" || role === "marker") return moved;
  if (Object.hasOwn(rules, name)) return rules[name as keyof typeof rules];
  throw new Error(
    `boundOf: "${name}" has no rule for operands that are rounded; add a row to rules in rounding/boundOf.ts`,
  );
}

const everywhere = ({ size }: DenseTensor): Float64Array => new Float64Array(size).fill(Number.POSITIVE_INFINITY);

const boundsOf = ({ value, bound }: Uncertain): Float64Array => bound ?? new Float64Array(value.size);

const sizesOf = ({ value }: Uncertain): Float64Array => Float64Array.from(value.buffer, Math.abs);

/** The primitive itself on other numbers of the same shapes, in float64. */
function apply({ primitive, params }: Operation, values: readonly (readonly [TypedArray, Uncertain])[]): TypedArray {
  const operands = values.map(
    ([data, { value }]) =>
      new DenseTensor(data, value.shape, data instanceof Float64Array ? "float64" : value.dtype, value.weak),
  );
  return primitive.eval(operands, params, primitive.type(operands, params));
}

/** Bounds change places with their elements; the largest of some numbers moves no more than any of them. */
function moved(operation: Operation, operands: readonly Uncertain[]): Float64Array {
  const { name } = operation.primitive;
  const bounds = operands.map((x, i) => [name === "gather" && i === 1 ? x.value.buffer : boundsOf(x), x] as const);
  if (name !== "min") return apply(operation, bounds) as Float64Array;
  return apply({ ...operation, primitive: primitiveOf("max") }, bounds) as Float64Array;
}

/** Σ bounds + c·ε·Σ|terms|. */
function sumBound(
  operation: Operation,
  operands: readonly Uncertain[],
  value: DenseTensor,
  terms: number,
): Float64Array {
  const [x, ...rest] = operands;
  if (!isFloat(value.dtype)) return everywhere(value);
  const others = rest.map((other) => [other.value.buffer, other] as const);
  const bounds = apply(operation, [[boundsOf(x), x], ...others]);
  const sizes = apply(operation, [[sizesOf(x), x], ...others]);
  const rounding = roundingsOfSum(terms) * roundingOf(value.dtype);
  return Float64Array.from(bounds, (bound, i) => bound + rounding * sizes[i]);
}

/** |A|·δB + δA·|B| + δA·δB + c·ε·|A|·|B|, for sums of some number of products. */
function productBound(
  operation: Operation,
  [a, b]: readonly Uncertain[],
  value: DenseTensor,
  terms: number,
): Float64Array {
  if (!isFloat(value.dtype)) return everywhere(value);
  const rounding = roundingsOfSum(terms) * roundingOf(value.dtype);
  const [sizeA, sizeB, boundA, boundB] = [sizesOf(a), sizesOf(b), boundsOf(a), boundsOf(b)];
  const withRounding = Float64Array.from(boundB, (bound, i) => bound + rounding * sizeB[i]);
  const reach = Float64Array.from(sizeB, (size, i) => size + boundB[i]);
  const first = apply(operation, [
    [sizeA, a],
    [withRounding, b],
  ]);
  const second = apply(operation, [
    [boundA, a],
    [reach, b],
  ]);
  return Float64Array.from(first, (bound, i) => bound + second[i]);
}

/** Positions are certain only if no two neighbours in the order may change places. */
function ordered({ params }: Operation, [x]: readonly Uncertain[], value: DenseTensor): Float64Array {
  const { axis } = params as { readonly axis: number };
  const { shape, buffer } = x.value;
  const n = shape[axis];
  const inner = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  const bound = boundsOf(x);
  const out = new Float64Array(value.size);
  const isSorted = value.size === buffer.length;
  for (let fiber = 0; fiber < buffer.length / Math.max(1, n); fiber++) {
    const first = Math.floor(fiber / inner) * n * inner + (fiber % inner);
    const places = Array.from({ length: n }, (_, k) => first + k * inner);
    const inOrder = places.sort((i, j) => buffer[j] - buffer[i]);
    const isUnsure = inOrder.some((at, k) => {
      const next = inOrder[k + 1];
      return (isSorted || k === 0) && next !== undefined && !(buffer[at] - buffer[next] > bound[at] + bound[next]);
    });
    if (!isUnsure || places.every((at) => bound[at] === 0)) continue;
    for (const at of isSorted ? places : [fiber]) out[at] = Number.POSITIVE_INFINITY;
  }
  return out;
}

const withoutNaN = (bound: Float64Array): Float64Array =>
  bound.map((x) => (Number.isNaN(x) ? Number.POSITIVE_INFINITY : x));

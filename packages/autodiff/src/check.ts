import {
  asTensor,
  DenseTensor,
  DomainError,
  flatten,
  isFloat,
  key,
  keys,
  normal,
  quote,
  type Sync,
  type Tensor,
  unflatten,
} from "@pushforward/tensor";
import { jvp } from "./jvp.ts";
import { type AnyFunction, type Arguments, applyTo, argumentsOf, checkList, placeOf } from "./leaves.ts";
import type { TangentTree } from "./tangentTree.ts";
import { vjp } from "./vjp.ts";

/** Which derivatives to check. */
export type CheckMode = "jvp" | "vjp";

/** Options of checkGrads. */
export interface CheckOptions {
  /** How many times to differentiate: 2 checks the derivative of the derivative too. Default 1. */
  readonly order?: number;
  /** Default both. */
  readonly modes?: readonly CheckMode[];
  /** Largest step of the Richardson table. Default 0.1. */
  readonly step?: number;
  /** Allowed error of every element, relative to 1 + |element|. Default 1e-9. */
  readonly tolerance?: number;
  /** Key of the random directions. Default key(0). */
  readonly key?: Tensor;
}

/** One comparison. */
export interface CheckEntry {
  readonly mode: CheckMode;
  readonly order: number;
  /** Path of the compared leaf. */
  readonly leaf: string;
  /** Largest error over the elements, relative to 1 + |element|. */
  readonly error: number;
  /** Estimated error of the finite differences; smaller errors of the derivative cannot be detected. */
  readonly resolution: number;
  readonly passed: boolean;
}

/** The result of checkGrads. */
export interface CheckReport {
  readonly passed: boolean;
  /** The largest error of all. */
  readonly worst: number;
  readonly tolerance: number;
  readonly entries: readonly CheckEntry[];
}

const levels = 5;

/** A derivative by Richardson extrapolation of central differences, with an estimate of its error. */
export function richardson(f: (h: number) => Float64Array, step = 0.1): { value: Float64Array; error: Float64Array } {
  const central = (h: number): Float64Array => {
    const [ahead, behind] = [f(h), f(-h)];
    return ahead.map((value, i) => (value - behind[i]) / (2 * h));
  };
  let row = Array.from({ length: levels }, (_, k) => central(step / 2 ** k));
  let previous = row[levels - 1];
  for (let k = 1; k < levels; k++) {
    previous = row[row.length - 1];
    const weight = 4 ** k;
    row = row.slice(1).map((finer, i) => finer.map((value, j) => (weight * value - row[i][j]) / (weight - 1)));
  }
  return { value: row[0], error: row[0].map((value, j) => Math.abs(value - previous[j])) };
}

/** Leaves of a result as float64 numbers. */
const numbersOf = (tree: unknown): { path: string; values: Float64Array }[] => {
  const flat = flatten(tree, "checkGrads");
  return flat.leaves.map((leaf, i) => ({ path: flat.paths[i], values: Float64Array.from(asTensor(leaf).dataSync()) }));
};

/** Arguments moved by h along directions; leaves without a derivative stay. */
function shifted({ flat, values }: Arguments, directions: readonly (Tensor | null)[], h: number): Tensor[] {
  return flat.leaves.map((_, i) => {
    const dx = directions[i];
    return dx ? values[i].add(dx.mul(h)) : values[i];
  });
}

/**
 * Compares jvp and vjp with Richardson-extrapolated finite differences, element by element, in float64.
 *
 * @param args arguments, one array entry each: every float leaf is differentiated
 * @returns a report; nothing is thrown for a wrong derivative
 * @throws DomainError for float32 arguments: their finite differences are too coarse to check a derivative
 */
export function checkGrads<Args extends readonly unknown[], Out>(
  f: (...args: Args) => Sync<Out>,
  args: Readonly<Args>,
  options: CheckOptions = {},
): CheckReport {
  const { order = 1, modes = ["jvp", "vjp"], tolerance = 1e-9 } = options;
  checkList("checkGrads", "args", args);
  if (!Number.isInteger(order) || order < 1)
    throw new DomainError(`checkGrads: order must be a whole number ≥ 1, got ${quote(order)}`);
  const entries = checkOrder(f as AnyFunction, argumentsOf("checkGrads", args), options, modes, tolerance, 1, order);
  const worst = entries.reduce((max, entry) => (entry.error > max || Number.isNaN(entry.error) ? entry.error : max), 0);
  return { passed: entries.every((entry) => entry.passed), worst, tolerance, entries };
}

function checkOrder(
  f: AnyFunction,
  args: Arguments,
  options: CheckOptions,
  modes: readonly CheckMode[],
  tolerance: number,
  order: number,
  last: number,
): CheckEntry[] {
  const directions = randomDirections(args, options.key ?? key(0), order);
  const run = (values: readonly Tensor[]): unknown => applyTo(f, args, values);
  const flatF = (...values: Tensor[]): unknown => run(values);
  const numeric = numbersOf(run(args.values)).map(({ path }, o) => ({
    path,
    ...richardson((h) => numbersOf(run(shifted(args, directions, h)))[o].values, options.step),
  }));
  const entries = modes.flatMap((mode) => {
    if (mode === "jvp") return compareJvp(flatF, args, directions, numeric, order, tolerance);
    return compareVjp(flatF, args, directions, numeric, order, tolerance);
  });
  if (order >= last) return entries;
  const derivative = (...leaves: Tensor[]): unknown => jvp(flatF, leaves, directions)[1];
  const flatArgs = argumentsOf("checkGrads", args.values);
  return [...entries, ...checkOrder(derivative as AnyFunction, flatArgs, options, modes, tolerance, order + 1, last)];
}

/** A random direction for every float leaf, of about unit size per element. */
function randomDirections({ flat, values }: Arguments, k: Tensor, order: number): (Tensor | null)[] {
  const subkeys = keys(k, values.length * order + 1).slice(-values.length);
  return values.map((x, i) => {
    if (!isFloat(x.dtype)) return null;
    if (x.dtype === "float64") return normal(subkeys[i], x.shape).mul(0.5);
    throw new DomainError(
      `checkGrads: ${placeOf(flat.paths[i])} must be float64, got float32, whose finite differences are too coarse; cast it with cast(x, "float64")`,
    );
  });
}

type Numeric = { readonly path: string; readonly value: Float64Array; readonly error: Float64Array };

function entryOf(
  mode: CheckMode,
  order: number,
  leaf: string,
  got: Float64Array,
  want: Float64Array,
  doubt: Float64Array,
  tolerance: number,
): CheckEntry {
  let [error, resolution, passed] = [0, 0, true];
  for (let i = 0; i < want.length; i++) {
    const scale = 1 + Math.abs(want[i]);
    const difference = Math.abs(got[i] - want[i]) / scale;
    const blur = doubt[i] / scale;
    if (!(difference <= error) && !Number.isNaN(error)) error = difference;
    resolution = Math.max(resolution, blur);
    // Differences whose own error exceeds the tolerance cannot judge the derivative.
    if (!(difference <= Math.max(tolerance, 10 * blur)) && !(Number.isNaN(got[i]) && Number.isNaN(want[i])))
      passed = false;
  }
  return { mode, order, leaf, error, resolution, passed };
}

function compareJvp(
  f: (...values: Tensor[]) => unknown,
  args: Arguments,
  directions: readonly (Tensor | null)[],
  numeric: readonly Numeric[],
  order: number,
  tolerance: number,
): CheckEntry[] {
  const got = numbersOf(jvp(f, args.values, directions as Tensor[])[1]);
  // An int32 or bool result has no tangent.
  return numeric.flatMap(({ path, value, error }) => {
    const match = got.find((entry) => entry.path === path);
    return match ? [entryOf("jvp", order, path, match.values, value, error, tolerance)] : [];
  });
}

/** Compares ⟨ct, J·dx⟩ by differences with ⟨Jᵀ·ct, dx⟩ by vjp, for one unit cotangent per output element (at most eight per output). */
function compareVjp(
  f: (...values: Tensor[]) => unknown,
  args: Arguments,
  directions: readonly (Tensor | null)[],
  numeric: readonly Numeric[],
  order: number,
  tolerance: number,
): CheckEntry[] {
  const [out, pullback] = vjp(f, args.values);
  const flat = flatten(out, "checkGrads");
  const outs = flat.leaves.map((leaf) => asTensor(leaf));
  return numeric.flatMap(({ path, value, error }, o) => {
    if (!isFloat(outs[o].dtype)) return [];
    const count = Math.min(8, value.length);
    const picks = Array.from({ length: count }, (_, i) => Math.floor((i * value.length) / count));
    const got = picks.map((at) => {
      const unit = new Float64Array(value.length);
      unit[at] = 1;
      const ct = outs.map((x, i) => (i === o ? new DenseTensor(unit, x.shape, "float64").cast(x.dtype) : null));
      const pulled = pullback(unflatten(flat.structure, ct) as TangentTree<unknown>) as readonly (Tensor | null)[];
      return pulled.reduce((sum, x, i) => sum + (x && directions[i] ? x.mul(directions[i]!).sum().item() : 0), 0);
    });
    const pick = (all: Float64Array): Float64Array => Float64Array.from(picks, (at) => all[at]);
    return [entryOf("vjp", order, path, Float64Array.from(got), pick(value), pick(error), tolerance)];
  });
}

import {
  type DenseTensor,
  type DType,
  formatShape,
  sameShape,
  Tensor,
  type TensorValues,
  tensor,
} from "@pushforward/tensor";
import { ulpOf, ulpsApart } from "./ulp.ts";

/** How close two results must be, element by element and never scaled by size. */
export interface Closeness {
  /**
   * Largest |got − want| as a part of the element's scale max(|want|, condition).
   * Default 1e-12 in float64, 1e-5 in float32, 0 in int32 and bool.
   */
  readonly rtol?: number;
  /** The same bound in units of the last place of the scale, in place of rtol. */
  readonly ulp?: number;
  /** Another scale of an element besides its own size: Σ|terms| of the sum that gave it. A number, or one per element; default 0. */
  readonly condition?: number | TensorValues;
}

/** The element with the largest error relative to its tolerance. */
export interface Mismatch {
  readonly path: string;
  readonly index: readonly number[];
  readonly got: number;
  readonly want: number;
  /** |got − want|, and its tolerance. */
  readonly difference: number;
  readonly allowed: number;
  readonly ulps: number;
  /** The number of wrong elements of this leaf, and of all its elements. */
  readonly off: number;
  readonly of: number;
  readonly type: string;
}

const defaultTolerance: Record<DType, number> = { float64: 1e-12, float32: 1e-5, int32: 0, bool: 0 };

/**
 * Throws unless every element of `got` is within its own tolerance of `want`: NaN equals NaN, infinities must be equal.
 *
 * Both may be trees; `want` may be plain (nested) numbers where `got` is a tensor. Where `want` is a tensor, dtypes must agree.
 */
export function expectClose(got: unknown, want: unknown, closeness: Closeness = {}): void {
  const bad = findMismatch(got, want, closeness);
  if (bad) throw new Error(describe("expectClose", bad));
}

/** Throws unless both have the same bits: −0 is not 0, NaN equals NaN. */
export function expectSameBits(got: unknown, want: unknown): void {
  const bad = findMismatch(got, want, "bits");
  if (bad) throw new Error(describe("expectSameBits", bad));
}

const describe = (name: string, bad: Mismatch): string =>
  `${name}: ${bad.path === "" ? "" : `leaf "${bad.path}" `}element ${formatShape(bad.index)} of ${bad.type} must be ` +
  `${text(bad.want)}, got ${text(bad.got)}; they differ by ${bad.difference.toPrecision(3)} (${bad.ulps.toPrecision(3)} ulp), ` +
  `allowed ${bad.allowed.toPrecision(3)}; ${bad.off} of ${bad.of} elements are off`;

const text = (x: number): string => (Object.is(x, -0) ? "-0" : String(x));

/** The worst element of the first leaf with an error, or undefined; "bits" requires equality. */
export function findMismatch(
  got: unknown,
  want: unknown,
  closeness: Closeness | "bits" = {},
  path = "",
): Mismatch | undefined {
  if (got instanceof Tensor || typeof got === "number" || typeof got === "boolean") {
    return compareLeaf(dense(got), dense(want, path), want instanceof Tensor, closeness, path);
  }
  if (got === null || got === undefined) {
    if (want === null || want === undefined) return undefined;
    throw new Error(`expectClose: leaf "${path}" must not be null`);
  }
  const keys = Object.keys(got as object).sort();
  const expected = Object.keys((want ?? {}) as object).sort();
  if (keys.join() !== expected.join())
    throw new Error(`expectClose: "${path}" must have the parts ${expected.join()}, got ${keys.join()}`);
  for (const key of keys) {
    const parts = [got, want].map((tree) => (tree as Record<string, unknown>)[key]);
    const bad = findMismatch(parts[0], parts[1], closeness, path === "" ? key : `${path}.${key}`);
    if (bad) return bad;
  }
  return undefined;
}

function dense(x: unknown, path = ""): DenseTensor {
  if (x instanceof Tensor) return x.concrete("expectClose");
  if (typeof x === "number" || typeof x === "boolean" || Array.isArray(x) || ArrayBuffer.isView(x))
    return tensor(x as TensorValues);
  throw new Error(`expectClose: leaf "${path}" must be a tensor or numbers, got ${String(x)}`);
}

function compareLeaf(
  got: DenseTensor,
  want: DenseTensor,
  isTyped: boolean,
  closeness: Closeness | "bits",
  path: string,
): Mismatch | undefined {
  const type = `${got.dtype}${formatShape(got.shape)}`;
  if (!sameShape(got.shape, want.shape) || (isTyped && got.dtype !== want.dtype)) {
    throw new Error(
      `expectClose: ${path === "" ? "the result" : `leaf "${path}"`} must be ${want.dtype}${formatShape(want.shape)}, got ${type}`,
    );
  }
  const allowed = closeness === "bits" ? () => 0 : tolerances(got.dtype, got.buffer.length, closeness);
  const isOff = (a: number, b: number, bound: number): boolean =>
    closeness === "bits"
      ? !Object.is(a, b)
      : !(a === b || (Number.isNaN(a) && Number.isNaN(b)) || Math.abs(a - b) <= bound);
  let [worst, at, off] = [-1, -1, 0];
  for (let i = 0; i < got.buffer.length; i++) {
    const [a, b] = [got.buffer[i], want.buffer[i]];
    const bound = allowed(b, i);
    if (!isOff(a, b, bound)) continue;
    off++;
    const excess = Number.isFinite(a - b) ? Math.abs(a - b) / bound : Infinity;
    if (excess > worst || at < 0) [worst, at] = [excess, i];
  }
  if (at < 0) return undefined;
  const [a, b] = [got.buffer[at], want.buffer[at]];
  return {
    ...{ path, type, off, of: got.buffer.length, index: indexOf(at, got.shape), got: a, want: b },
    ...{ difference: Math.abs(a - b), allowed: allowed(b, at), ulps: ulpsApart(a, b, got.dtype) },
  };
}

/** Tolerance of every element: c·ε·max(|want|, condition). */
function tolerances(dtype: DType, size: number, closeness: Closeness): (want: number, i: number) => number {
  const { ulp, rtol = defaultTolerance[dtype], condition = 0 } = closeness;
  const scales = typeof condition === "number" ? undefined : tensor(condition).buffer;
  if (scales && scales.length !== size)
    throw new Error(`expectClose: condition needs ${size} elements, got ${scales.length}`);
  return (want, i) => {
    const scale = Math.max(Math.abs(want), scales ? scales[i] : (condition as number));
    if (!Number.isFinite(want)) return 0;
    return ulp === undefined ? rtol * scale : ulp * ulpOf(scale, dtype);
  };
}

/** Index along each axis of the i-th element in row-major order. */
function indexOf(i: number, shape: readonly number[]): number[] {
  const index: number[] = [];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index.unshift(i % shape[axis]);
    i = Math.floor(i / shape[axis]);
  }
  return index;
}

/** The largest |got − want| / max(|want|, condition) over all elements: what a figure reports. */
export function worstError(got: unknown, want: unknown, condition: Closeness["condition"] = 0): number {
  const [a, b] = [dense(got), dense(want)];
  const scale = tolerances(a.dtype, a.buffer.length, { rtol: 1, condition });
  let worst = 0;
  for (let i = 0; i < a.buffer.length; i++) {
    const [x, y] = [a.buffer[i], b.buffer[i]];
    if (x === y || (Number.isNaN(x) && Number.isNaN(y))) continue;
    worst = Math.max(worst, Number.isFinite(x - y) ? Math.abs(x - y) / scale(y, i) : Infinity);
  }
  return worst;
}

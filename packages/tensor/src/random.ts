import { tensor } from "./array/creation.ts";
import { DomainError, DTypeError, ShapeError } from "./array/errors.ts";
import { optionsOf } from "./array/mustBe.ts";
import { quote } from "./array/quote.ts";
import { checkShape, formatShape, type Shape, sizeOf } from "./array/shape.ts";
import { type DenseTensor, Tensor } from "./array/tensor.ts";
import { bind } from "./interpret/interpreter.ts";
import { add, clip, mul, remainder, sub } from "./ops/arithmetic.ts";
import { less, lessEqual, where } from "./ops/comparison.ts";
import { bitAnd, bitXor, shiftRight } from "./ops/conversion.ts";
import { argsort, gather } from "./ops/indexing.ts";
import { iota } from "./ops/iota.ts";
import { stack } from "./ops/joining.ts";
import { broadcast } from "./ops/operands.ts";
import { reshape, slice } from "./ops/structural.ts";
import { erfInv } from "./ops/transcendental.ts";
import { primitives as p } from "./primitives/index.ts";

/** One word of the threefry block: key x, y and counter z, w as int32 bit patterns. */
const threefry = (operands: readonly [Tensor, Tensor, Tensor, Tensor], word: 0 | 1): Tensor =>
  bind(p.threefry, operands, { word });

/** Random bits (high and low word) as a number in [0, 1). */
const unitFromBits = (high: Tensor, low: Tensor, dtype: "float64" | "float32"): Tensor =>
  bind(p.unitFromBits, [high, low], { dtype });

// Random numbers as functions of a key: JAX's threefry in its default (partitionable) mode, bit for bit.
// A key is int32 [2], the bits of two words; nothing here keeps state.

/** dtype of random floats. */
export interface RandomOptions {
  readonly dtype?: "float64" | "float32";
}

/**
 * The key of a seed: [seed / 2³², seed mod 2³²].
 *
 * @throws DomainError unless the seed is a whole number in [−2³¹, 2⁵³)
 */
export function key(seed: number): DenseTensor {
  if (!Number.isInteger(seed) || seed < -(2 ** 31) || seed >= 2 ** 53) {
    throw new DomainError(`key: the seed must be a whole number in [−2^31, 2^53), got ${quote(seed)}`);
  }
  return tensor([seed < 0 ? 0 : Math.floor(seed / 2 ** 32) | 0, (seed % 2 ** 32) | 0], { dtype: "int32" });
}

/** Checks that something is a key. */
function checkKey(operation: string, k: Tensor): void {
  if (!(k instanceof Tensor)) {
    throw new DTypeError(
      `${operation}: the first argument must be a key, int32 [2], got ${quote(k)}; make one with key(seed)`,
    );
  }
  if (k.dtype === "int32" && k.rank === 1 && k.shape[0] === 2) return;
  const isSeveral = k.dtype === "int32" && k.rank > 1 && k.shape[k.rank - 1] === 2;
  const hint = isSeveral
    ? "take one of them with slice(keys, i), or all with vmap"
    : "make one with key(seed), or cut an array by x.split(parts, axis)";
  throw new ShapeError(`${operation}: a key is int32 [2], got ${k.dtype} ${formatShape(k.shape)}; ${hint}`);
}

function words(operation: string, k: Tensor): [Tensor, Tensor] {
  checkKey(operation, k);
  return [slice(k, 0), slice(k, 1)];
}

/** Both words of the blocks numbered 0, 1, 2 … in the given shape. */
function blocks(operation: string, k: Tensor, shape: Shape): [Tensor, Tensor] {
  const [k0, k1] = words(operation, k);
  const size = sizeOf(checkShape(operation, shape));
  const low = reshape(iota([size], 0, "int32"), shape);
  const high = broadcast(tensor(0, { dtype: "int32" }), shape);
  const operands = [broadcast(k0, shape), broadcast(k1, shape), high, low] as const;
  return [threefry(operands, 0), threefry(operands, 1)];
}

/** Independent keys of a key, int32 [count, 2]; `keys` gives them as an array. */
export function split(k: Tensor, count = 2): Tensor {
  return splitFor("split", k, count);
}

/** The rows of `split` as an array, for destructuring. */
export function keys(k: Tensor, count = 2): Tensor[] {
  return keysFor("keys", k, count);
}

const splitFor = (operation: string, k: Tensor, count: number): Tensor => stack(blocks(operation, k, [count]), -1);

function keysFor(operation: string, k: Tensor, count = 2): Tensor[] {
  const all = splitFor(operation, k, count);
  return Array.from({ length: count }, (_, i) => slice(all, i));
}

/**
 * The key of a key and a number, e.g. a step: a number (whole, below 2³²) or an int32 scalar.
 *
 * @throws DomainError for other numbers, DTypeError for floats: a cast would give 0.2 and 0.7 one key
 */
export function foldIn(k: Tensor, data: number | Tensor): Tensor {
  const [k0, k1] = words("foldIn", k);
  const operands = [k0, k1, tensor(0, { dtype: "int32" }), foldedWord(data)] as const;
  return stack([threefry(operands, 0), threefry(operands, 1)], 0);
}

/** The number to fold into a key, as int32. */
function foldedWord(data: number | Tensor): Tensor {
  const what = "foldIn: data must be a whole number or an int32 scalar";
  if (data instanceof Tensor) {
    if (data.rank > 0) throw new ShapeError(`${what}, got ${formatShape(data.shape)}`);
    if (data.dtype === "int32") return data;
    // a plain number that became the argument of a transform
    if (data.weak && data.readable) return foldedWord(data.concrete("foldIn").buffer[0]);
    throw new DTypeError(`${what}, got ${data.dtype}; use cast(data, "int32")`);
  }
  if (typeof data !== "number") throw new DTypeError(`${what}, got ${quote(data)}`);
  if (Number.isInteger(data) && data >= -(2 ** 31) && data < 2 ** 32) return tensor(data | 0, { dtype: "int32" });
  throw new DomainError(`foldIn: data must be a whole number in [−2^31, 2^32), got ${data}`);
}

/** 32 random bits an element, as int32: word 0 xor word 1. */
export function bits(k: Tensor, shape: Shape = []): Tensor {
  return bitsFor("bits", k, shape);
}

const bitsFor = (operation: string, k: Tensor, shape: Shape): Tensor => bitXor(...blocks(operation, k, shape));

/** Range of uniform numbers. */
interface UniformOptions extends RandomOptions {
  readonly min?: number;
  readonly max?: number;
}

/**
 * Uniform on [min, max); 23 random bits in float32, 52 in float64.
 *
 * @throws DomainError unless min ≤ max, both finite
 */
export function uniform(k: Tensor, shape: Shape = [], options: UniformOptions = {}): Tensor {
  const { min = 0, max = 1 } = optionsOf("uniform", options);
  if (!(Number.isFinite(min) && Number.isFinite(max) && min <= max)) {
    throw new DomainError(`uniform: needs finite numbers min ≤ max, got ${min} and ${max}`);
  }
  return uniformFor("uniform", k, shape, options);
}

function uniformFor(operation: string, k: Tensor, shape: Shape, options: UniformOptions): Tensor {
  const { dtype = "float64", min = 0, max = 1 } = options;
  if (dtype !== "float64" && dtype !== "float32") {
    throw new DTypeError(`${operation}: dtype must be float64 or float32, got ${quote(dtype)}`);
  }
  const unit = unitUniform(operation, k, shape, dtype);
  if (min === 0 && max === 1) return unit;
  return clip(add(mul(unit, roundTo(max - min, dtype)), roundTo(min, dtype)), roundTo(min, dtype), null);
}

const roundTo = (x: number, dtype: "float64" | "float32"): number => (dtype === "float32" ? Math.fround(x) : x);

function unitUniform(operation: string, k: Tensor, shape: Shape, dtype: "float64" | "float32"): Tensor {
  if (dtype === "float64") return unitFromBits(...blocks(operation, k, shape), dtype);
  const word = bitsFor(operation, k, shape);
  return unitFromBits(word, word, dtype);
}

/** The number just above −1. */
const aboveMinusOne = { float64: -1 + 2 ** -53, float32: -1 + 2 ** -24 } as const;

/** Standard normal: √2·erfInv(uniform(−1, 1)). */
export function normal(k: Tensor, shape: Shape = [], options: RandomOptions = {}): Tensor {
  const { dtype = "float64" } = optionsOf("normal", options);
  const low = aboveMinusOne[dtype === "float32" ? "float32" : "float64"];
  // 1 − low rounds to 2 in float32, as it does in JAX.
  return mul(erfInv(uniformFor("normal", k, shape, { dtype, min: low, max: 1 })), Math.SQRT2);
}

/**
 * True with probability p.
 *
 * @throws DomainError unless p is in [0, 1]
 */
export function bernoulli(k: Tensor, p = 0.5, shape: Shape = []): Tensor {
  if (!(typeof p === "number" && p >= 0 && p <= 1))
    throw new DomainError(`bernoulli: p must be in [0, 1], got ${quote(p)}`);
  return less(uniformFor("bernoulli", k, shape, { dtype: "float32" }), Math.fround(p));
}

/**
 * Whole numbers uniform on [min, max), int32, from two words each so that the bias is below 2⁻³².
 *
 * @throws DomainError for an empty or too wide range
 */
export function randint(k: Tensor, shape: Shape, min: number, max: number): Tensor {
  const span = max - min;
  const isInt32 = (n: number): boolean => Number.isInteger(n) && n >= -(2 ** 31) && n <= 2 ** 31;
  if (!isInt32(min) || !isInt32(max) || span < 1) {
    throw new DomainError(`randint: needs whole numbers min < max in [−2^31, 2^31], got ${min} and ${max}`);
  }
  const [high, low] = keysFor("randint", k).map((part) => unsignedRemainder(bitsFor("randint", part, shape), span));
  // 2³² mod span, in steps that stay below 2³².
  const half = 2 ** 16 % span;
  const multiplier = Number(((BigInt(half) * BigInt(half)) % 2n ** 32n) % BigInt(span));
  const mixed = add(mul(high, int(multiplier)), low);
  return add(unsignedRemainder(mixed, span), int(min));
}

const int = (n: number): DenseTensor => tensor(n | 0, { dtype: "int32" });

/**
 * x mod span with x an unsigned 32-bit pattern. Signed remainders suffice below 2³¹: with x = 2h + b and r = h mod span,
 * 2r + b is at most one span too large, and r ≥ span − r − b tells without overflow.
 */
function unsignedRemainder(x: Tensor, span: number): Tensor {
  if (span === 2 ** 32) return x;
  const s = int(span);
  if (span >= 2 ** 31) {
    return where(less(bitXor(x, minInt), bitXor(s, minInt)), x, sub(x, s));
  }
  const r = remainder(shiftRight(x, int(1)), s);
  const b = bitAnd(x, int(1));
  const excess = sub(r, sub(sub(s, r), b));
  return where(lessEqual(0, excess), excess, add(add(r, r), b));
}

const minInt = int(-(2 ** 31));

/**
 * A random order of the first axis of a tensor, or of 0 … n − 1 (int32): sorting by random words, repeated until collisions
 * do not matter.
 */
export function permutation(k: Tensor, x: number | Tensor): Tensor {
  if (typeof x !== "number" && !(x instanceof Tensor)) {
    throw new DTypeError(`permutation: needs a count or a tensor, got ${quote(x)}`);
  }
  checkKey("permutation", k);
  if (typeof x === "number") return shuffle(k, iota(checkShape("permutation", [x]), 0, "int32"));
  if (x.rank === 0)
    throw new ShapeError("permutation: needs an axis to shuffle, got []; pass a count or a tensor with axes");
  return x.rank === 1 ? shuffle(k, x) : gather(x, shuffle(k, iota([x.shape[0]], 0, "int32")));
}

function shuffle(k: Tensor, x: Tensor): Tensor {
  const rounds = Math.ceil((3 * Math.log(Math.max(1, x.size))) / Math.log(2 ** 32 - 1));
  let [state, result] = [k, x];
  for (let round = 0; round < rounds; round++) {
    const [next, sub] = keys(state);
    // The unsigned order of words is their signed order with the top bit flipped.
    result = gather(result, argsort(bitXor(bits(sub, x.shape), minInt)));
    state = next;
  }
  return result;
}

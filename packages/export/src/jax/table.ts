import { DomainError, type DType, type Shape } from "@pushforward/tensor";
import { callOf, infix, powerOf, prefix, subject, tupleOf } from "../python/expression.ts";
import { insertedAxes, sliceText } from "../python/indexing.ts";
import type { Operand, PrimitiveTable } from "../target.ts";

type Writer = (operands: readonly Operand[]) => string;

/** A function of all operands. */
const named =
  (f: string): Writer =>
  (operands) =>
    callOf(f, ...operands.map(({ text }) => text));

/** An operator between two operands. */
const between =
  (op: string): Writer =>
  ([x, y]) =>
    infix(x.text, op, y.text);

/** dtypes of JAX. */
export const jaxDType: Readonly<Record<DType, string>> = {
  float64: "jnp.float64",
  float32: "jnp.float32",
  int32: "jnp.int32",
  bool: "jnp.bool_",
};

/** `axis=` of a reduction; undefined over all axes. */
const axisArgument = (axes: readonly number[], { shape }: Operand): string | undefined =>
  axes.length === shape.length ? undefined : `axis=${axes.length === 1 ? axes[0] : tupleOf(axes)}`;

/** A reduction; over no axes it is its operand. Sums of int32 stay int32 where JAX counts in 64 bits. */
const reduction =
  (f: string, keepsType = true) =>
  ([x]: readonly Operand[], { axes }: { readonly axes: readonly number[] }): string =>
    axes.length === 0
      ? x.text
      : callOf(f, x.text, axisArgument(axes, x), keepsType || x.dtype !== "int32" ? undefined : "dtype=jnp.int32");

/** A function of a row of each operand, mapped over the leading axes that the operands share. */
const mapped = (
  batchAxes: number,
  operands: readonly Operand[],
  body: (x: string, indices: string) => string,
): string =>
  batchAxes === 0
    ? body(operands[0].text, operands[1].text)
    : `${"jax.vmap(".repeat(batchAxes)}lambda x, i: ${body("x", "i")}${")".repeat(batchAxes)}(${operands.map(({ text }) => text).join(", ")})`;

/** @throws DomainError: no other framework cuts one mode of differentiation alone */
const probe = (name: string) => (): never => {
  throw new DomainError(
    `export: ${name} is a probe of one mode of differentiation, which other frameworks do not have; leave it out, or use stopGradient`,
  );
};

/** The index rows of operands as the reference backend reads them: an index out of range is the nearest in range. */
const nearest = (indices: string, size: number): string => `jnp.clip(${indices}, 0, ${size - 1})`;

const reshaped = (x: Operand, shape: Shape): string => {
  const inserted = insertedAxes(x.shape, shape);
  if (inserted !== undefined) return `${subject(x.text)}[${inserted}]`;
  return `${subject(x.text)}.reshape(${shape.length === 0 ? "()" : shape.join(", ")})`;
};

/** Every primitive as an expression of JAX. */
export const jaxTable: PrimitiveTable = {
  add: between("+"),
  sub: between("-"),
  mul: between("*"),
  div: between("/"),
  neg: ([x]) => prefix("-", x.text),
  // A whole number as a float: JAX treats x**2 as a product, with another derivative at 0.
  pow: ([x, y]) => callOf("jnp.power", x.text, /^-?\d+$/.test(y.text) ? `${y.text}.0` : y.text),
  integerPow: ([x], { n }) => powerOf(x.text, n),
  // The derivative of jnp.abs at 0 is 1.
  abs: ([x]) => callOf(x.dtype === "int32" ? "jnp.abs" : "absolute", x.text),
  sign: named("jnp.sign"),
  floor: named("jnp.floor"),
  ceil: named("jnp.ceil"),
  round: named("jnp.round"),
  maximum: named("jnp.maximum"),
  minimum: named("jnp.minimum"),
  remainder: named("jnp.remainder"),

  exp: named("jnp.exp"),
  expm1: named("jnp.expm1"),
  log: named("jnp.log"),
  log1p: named("jnp.log1p"),
  sqrt: named("jnp.sqrt"),
  rsqrt: named("jax.lax.rsqrt"),
  sin: named("jnp.sin"),
  cos: named("jnp.cos"),
  atan: named("jnp.arctan"),
  tanh: named("jnp.tanh"),
  sigmoid: named("jax.nn.sigmoid"),
  erf: named("jax.lax.erf"),
  normalCdf: named("jax.scipy.special.ndtr"),
  erfInv: named("jax.lax.erf_inv"),

  equal: between("=="),
  less: between("<"),
  lessEqual: between("<="),
  and: between("&"),
  or: between("|"),
  not: ([x]) => prefix("~", x.text),
  isFinite: named("jnp.isfinite"),
  where: named("jnp.where"),

  bitXor: between("^"),
  bitAnd: between("&"),
  shiftLeft: named("jax.lax.shift_left"),
  shiftRight: named("jax.lax.shift_right_logical"),
  threefry: (operands, { word }) => `${named("threefry")(operands)}[${word}]`,

  iota: (_, { shape, axis, dtype }) =>
    shape.length === 1
      ? `jnp.arange(${shape[0]}, dtype=${jaxDType[dtype]})`
      : `jax.lax.broadcasted_iota(${jaxDType[dtype]}, ${tupleOf(shape)}, ${axis})`,
  broadcastTo: ([x], { shape }) => `jnp.broadcast_to(${x.text}, ${tupleOf(shape)})`,
  reshape: ([x], { shape }) => reshaped(x, shape),
  transpose: ([x], { permutation }) =>
    permutation.every((axis, i) => axis === i)
      ? x.text
      : permutation.length === 2
        ? `${subject(x.text)}.T`
        : `jnp.transpose(${x.text}, ${tupleOf(permutation)})`,
  slice: ([x], params) => {
    const index = sliceText(x.shape, params);
    return index === "" ? x.text : `${subject(x.text)}[${index}]`;
  },
  pad: ([x], { low, high, interior }) =>
    low.length === 0
      ? x.text
      : interior.every((n) => n === 0)
        ? `jnp.pad(${x.text}, ${tupleOf(low.map((n, axis) => tupleOf([n, high[axis]])))})`
        : `jax.lax.pad(${x.text}, jnp.zeros((), ${jaxDType[x.dtype]}), ${tupleOf(low.map((n, axis) => tupleOf([n, high[axis], interior[axis]])))})`,
  concat: (operands, { axis }) => `jnp.concatenate([${operands.map(({ text }) => text).join(", ")}], axis=${axis})`,
  flip: ([x], { axes }) => (axes.length === 0 ? x.text : `jnp.flip(${x.text}, axis=${tupleOf(axes)})`),

  gather: (operands, { batchAxes }) =>
    mapped(batchAxes, operands, (x, indices) => `jnp.take(${x}, ${indices}, axis=0, mode="clip")`),
  scatterAdd: (operands, { batchAxes, size }, { shape, dtype }) =>
    mapped(
      batchAxes,
      operands,
      (updates, indices) =>
        `jnp.zeros(${tupleOf(shape.slice(batchAxes))}, ${jaxDType[dtype]}).at[${nearest(indices, size)}].add(${updates})`,
    ),
  argsort: ([x], { axis }) => `jnp.argsort(${x.text}, axis=${axis}, stable=True).astype(jnp.int32)`,

  sum: reduction("jnp.sum", false),
  max: reduction("jnp.max"),
  min: reduction("jnp.min"),
  argmax: ([x], { axis }) => `jax.lax.argmax(${x.text}, ${axis}, jnp.int32)`,
  cumsum: ([x], { axis, reverse }) =>
    callOf("jax.lax.cumsum", x.text, `axis=${axis}`, reverse ? "reverse=True" : undefined),

  // On accelerators JAX multiplies float32 in fewer bits unless it is told not to.
  matmul: ([x, y]) => `jnp.matmul(${x.text}, ${y.text}, precision="highest")`,

  cast: ([x], { dtype }) => `${subject(x.text)}.astype(${jaxDType[dtype]})`,
  unitFromBits: (operands, { dtype }) =>
    callOf(dtype === "float32" ? "unit32" : "unit64", ...operands.map(({ text }) => text)),

  stopGradient: named("jax.lax.stop_gradient"),
  stopTangent: probe("stopTangent"),
  stopCotangent: probe("stopCotangent"),
  barrier: named("jax.lax.optimization_barrier"),
};

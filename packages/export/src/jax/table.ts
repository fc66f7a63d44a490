import type { DType } from "@pushforward/tensor";
import { convHigh, hasNoTerms } from "../python/convolution.ts";
import { callOf, subject, tupleOf } from "../python/expression.ts";
import { mapped, named, pythonRows, reduction } from "../python/rows.ts";
import type { Operand, PrimitiveTable } from "../target.ts";

/** dtypes of JAX. */
export const jaxDType: Readonly<Record<DType, string>> = {
  float64: "jnp.float64",
  float32: "jnp.float32",
  int32: "jnp.int32",
  bool: "jnp.bool_",
};

/** In float64 mode JAX adds int32 in 64 bits unless it is told not to. */
const sumType = ({ dtype }: Operand): string | undefined => (dtype === "int32" ? "dtype=jnp.int32" : undefined);

/** The index rows of operands as the reference backend reads them: an index out of range is the nearest in range. */
const nearest = (indices: string, size: number): string => `jnp.clip(${indices}, 0, ${size - 1})`;

/** Every primitive as an expression of JAX. */
export const jaxTable: PrimitiveTable = {
  ...pythonRows,
  // A whole number as a float: JAX treats x**2 as a product, with another derivative at 0.
  pow: ([x, y]) => callOf("jnp.power", x.text, /^-?\d+$/.test(y.text) ? `${y.text}.0` : y.text),
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

  isFinite: named("jnp.isfinite"),
  where: named("jnp.where"),

  shiftLeft: named("jax.lax.shift_left"),
  shiftRight: named("jax.lax.shift_right_logical"),

  iota: (_, { shape, axis, dtype }) =>
    shape.length === 1
      ? `jnp.arange(${shape[0]}, dtype=${jaxDType[dtype]})`
      : `jax.lax.broadcasted_iota(${jaxDType[dtype]}, ${tupleOf(shape)}, ${axis})`,
  broadcastTo: ([x], { shape }) => `jnp.broadcast_to(${x.text}, ${tupleOf(shape)})`,
  transpose: ([x], { permutation }) =>
    permutation.every((axis, i) => axis === i)
      ? x.text
      : permutation.length === 2
        ? `${subject(x.text)}.T`
        : `jnp.transpose(${x.text}, ${tupleOf(permutation)})`,
  pad: ([x], { low, high, interior }) =>
    low.length === 0
      ? x.text
      : interior.every((n) => n === 0)
        ? `jnp.pad(${x.text}, ${tupleOf(low.map((n, axis) => tupleOf([n, high[axis]])))})`
        : `jax.lax.pad(${x.text}, jnp.zeros((), ${jaxDType[x.dtype]}), ${tupleOf(low.map((n, axis) => tupleOf([n, high[axis], interior[axis]])))})`,
  concat: (operands, { axis }) => `jnp.concatenate([${operands.map(({ text }) => text).join(", ")}], axis=${axis})`,
  flip: ([x], { axes }) => (axes.length === 0 ? x.text : `jnp.flip(${x.text}, axis=${tupleOf(axes)})`),

  gather: (operands, { batchAxes }) =>
    mapped("jax.vmap", batchAxes, operands, (x, indices) => `jnp.take(${x}, ${indices}, axis=0, mode="clip")`),
  scatterAdd: (operands, { batchAxes, size }, { shape, dtype }) =>
    mapped(
      "jax.vmap",
      batchAxes,
      operands,
      (updates, indices) =>
        `jnp.zeros(${tupleOf(shape.slice(batchAxes))}, ${jaxDType[dtype]}).at[${nearest(indices, size)}].add(${updates})`,
    ),
  argsort: ([x], { axis }) => `jnp.argsort(${x.text}, axis=${axis}, stable=True).astype(jnp.int32)`,

  sum: reduction("jnp.sum", "axis", sumType),
  max: reduction("jnp.max", "axis"),
  min: reduction("jnp.min", "axis"),
  argmax: ([x], { axis }) => `jax.lax.argmax(${x.text}, ${axis}, jnp.int32)`,
  cumsum: ([x], { axis, reverse }) =>
    callOf("jax.lax.cumsum", x.text, `axis=${axis}`, reverse ? "reverse=True" : undefined),

  // On accelerators JAX multiplies float32 in fewer bits unless it is told not to.
  matmul: ([x, y]) => `jnp.matmul(${x.text}, ${y.text}, precision="highest")`,
  conv(operands, params, { shape, dtype }) {
    if (hasNoTerms(operands, shape)) return `jnp.zeros(${tupleOf(shape)}, ${jaxDType[dtype]})`;
    const { stride, dilation, inputDilation, low } = params;
    const high = convHigh(operands, params);
    const widths = tupleOf(low.map((n, axis) => tupleOf([n, high[axis]])));
    const isPlain = (pair: readonly number[]): boolean => pair.every((n) => n === 1);
    return mapped("jax.vmap", shape.length - 4, operands, (x, kernel) =>
      callOf(
        "jax.lax.conv_general_dilated",
        ...[x, kernel, tupleOf(stride), widths],
        isPlain(inputDilation) ? undefined : `lhs_dilation=${tupleOf(inputDilation)}`,
        isPlain(dilation) ? undefined : `rhs_dilation=${tupleOf(dilation)}`,
        'dimension_numbers=("NHWC", "HWIO", "NHWC")',
        'precision="highest"',
      ),
    );
  },

  cast: ([x], { dtype }) => `${subject(x.text)}.astype(${jaxDType[dtype]})`,

  stopGradient: named("jax.lax.stop_gradient"),
  barrier: named("jax.lax.optimization_barrier"),
};

import { tupleOf } from "../python/expression.ts";
import { fullLike, takesNumbers } from "../python/rows.ts";
import type { Target } from "../target.ts";
import { jaxHelpers } from "./helpers.ts";
import { jaxLoops } from "./loops.ts";
import { jaxDType, jaxTable } from "./table.ts";

/** JAX. */
export const jax: Target = {
  title: "JAX",
  module: "jax",
  imports: ["import jax", "import jax.numpy as jnp"],
  reserved: ["jax", "jnp"],
  rows: jaxTable,
  takesNumbers,
  helpers: jaxHelpers,
  check: (dtype) =>
    dtype === "float32"
      ? []
      : [
          "if not jax.config.jax_enable_x64:",
          "    raise RuntimeError('this file computes in float64; first call jax.config.update(\"jax_enable_x64\", True)')",
        ],
  inFloatOf: (line, like) => line.replaceAll(jaxDType.float64, `${like}.dtype`),
  full: (shape, number, dtype) =>
    shape.length === 0
      ? `jnp.array(${number}, ${jaxDType[dtype]})`
      : `jnp.full(${tupleOf(shape)}, ${number}, ${jaxDType[dtype]})`,
  fullAs: (like, shape, number) => `jnp.full(${tupleOf(shape)}, ${number}, ${like}.dtype)`,
  array: (values, dtype) => `jnp.array(${values}, ${jaxDType[dtype]})`,
  fullLike: fullLike("jnp"),
  broadcastLike: (x, like) => `jnp.broadcast_to(${x}, ${like}.shape)`,
  sizeOf: (x) => `${x}.size`,
  jvp: (f, primals, tangents) => `jax.jvp(${f}, ${primals}, ${tangents})`,
  vmap: "jax.vmap",
  grad: "jax.grad",
  mappedAxes: "in_axes",
  mean: "jnp.mean",
  enableFloat64: ['jax.config.update("jax_enable_x64", True)'],
  fromNumpy: (x) => `jnp.asarray(${x})`,
  loops: jaxLoops,
  valueAndGrad: (f, count, args) =>
    `jax.value_and_grad(${f}, argnums=${tupleOf(Array.from({ length: count }, (_, i) => i))})(${args})`,
  batchLoss({ functions, arrays, shared }) {
    const isNormalized = functions.includes("normalize");
    const parameters = [...functions.filter((f) => f !== "normalize"), ...arrays, ...shared];
    return [
      `def batch_loss(${parameters.join(", ")}):`,
      ...(isNormalized ? ['    normalize = lambda w: w / jax.lax.pmean(w, "batch")'] : []),
      `    one = lambda ${arrays.join(", ")}: loss(${[...functions, ...arrays, ...shared].join(", ")})`,
      `    return jnp.mean(jax.vmap(one${isNormalized ? ', axis_name="batch"' : ""})(${arrays.join(", ")}))`,
    ];
  },
};

/** A number as Python writes it, always as a float. */
export function pythonNumber(value: number): string {
  if (!Number.isFinite(value)) return `float("${String(value).toLowerCase().replace("infinity", "inf")}")`;
  const text = Object.is(value, -0) ? "-0" : String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** An array of numbers as an expression of JAX in float64. */
export function jaxArray(values: readonly number[], shape: readonly number[]): string {
  const nested = (from: number, axes: readonly number[]): string => {
    if (axes.length === 0) return pythonNumber(values[from]);
    const [length, ...rest] = axes;
    const size = rest.reduce((product, each) => product * each, 1);
    return `[${Array.from({ length }, (_, i) => nested(from + i * size, rest)).join(", ")}]`;
  };
  return `jnp.array(${nested(0, shape)})`;
}

/** A script of JAX in float64: exported source of functions, and then lines that use them. */
export const jaxScript = (source: string, lines: readonly string[]): string =>
  [
    source.trimEnd().replace("import jax\n", 'import jax\n\njax.config.update("jax_enable_x64", True)\n'),
    "\n",
    ...lines,
    "",
  ].join("\n");

import { jaxArray, jaxScript, pythonNumber } from "../pythonArray.ts";
import type { FirstOrder } from "../work/microscope/messages.ts";
import type { MicroscopeState, TangentChoice } from "./microscopeState.ts";

/** An array of one row. */
const row = (values: readonly number[]): string => jaxArray(values, [1, values.length]);

/** A tangent for a script that knows u only around the point: the own velocity u(x, s, s) as numbers. */
export const localTangent = (tangent: TangentChoice, { along }: Pick<FirstOrder, "along">): TangentChoice =>
  tangent.x === "own" ? { ...tangent, x: along } : tangent;

/**
 * A script of JAX that prints the target of the pane. The average velocity stands there to first order around the point, which is all that
 * the target depends on.
 *
 * @param source the function `target` of the loss
 */
export function microscopeJax(
  source: string,
  { x, s, t }: Pick<MicroscopeState, "x" | "s" | "t">,
  { average, velocity, slopes }: FirstOrder,
): string {
  const [, parameters] = /^def target\((.*)\):/m.exec(source)!;
  const [dx1, dx2, ds, dt] = slopes;
  return jaxScript(source, [
    `xs, s, t = ${row(x)}, ${row([s])}, ${row([t])}`,
    `v = ${row(velocity)}  # the exact velocity at xs and s`,
    "",
    "",
    "def u(x, a, b):",
    '    """The average velocity of the pane to first order around the point; your network takes its place."""',
    `    dx = jnp.array([${[dx1, dx2].map((column) => `[${column.map(pythonNumber).join(", ")}]`).join(", ")}])`,
    `    return ${row(average)} + (x - xs) @ dx + (a - s) * ${row(ds)} + (b - t) * ${row(dt)}`,
    "",
    "",
    ...(parameters.includes("teacher") ? ["teacher = lambda x, t: v"] : []),
    `print("target", target(${parameters}).tolist())`,
  ]);
}

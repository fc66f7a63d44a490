import type { Equation, Tensor } from "@pushforward/tensor";
import { type HoleParams, isHole } from "./opaque.ts";
import { isName, tupleOf } from "./python/expression.ts";
import type { FunctionWriter } from "./writeFunction.ts";

/** The name of a value of an opaque function: that of its result, with a `d` for each derivative. */
export const holeName = ({ hole, order }: HoleParams, results: Readonly<Record<string, string>> = {}): string =>
  "d".repeat(order) + (results[hole] ?? hole);

/** An opaque function, or one of its derivatives as a function of primals and tangents. */
function functionText(writer: FunctionWriter, hole: string, order: number, operands: number): string {
  if (order === 0) return writer.functionName(hole);
  const half = operands / 2;
  const inner = functionText(writer, hole, order - 1, half);
  return `lambda *z: ${writer.target.jvp(inner, `z[:${half}]`, `z[${half}:]`)}[1]`;
}

/** The equation of the jvp at the operands of an application, if its tangents can be written where the application is. */
function jvpAt(writer: FunctionWriter, { params, operands }: Equation): Equation | undefined {
  const { hole, order } = params as HoleParams;
  return writer.program.equations.find((other) => {
    if (!isHole(other.primitive)) return false;
    const { hole: name, order: next } = other.params as HoleParams;
    return (
      name === hole &&
      next === order + 1 &&
      operands.every((x, i) => other.operands[i] === x) &&
      other.operands.every(writer.isKnown)
    );
  });
}

/** The arguments of a call: each as an array of its own shape. */
const argumentsOf = (writer: FunctionWriter, operands: readonly Tensor[]): string[] =>
  operands.map((x) => writer.exact(x).text);

/** The tangents at some primals: those that are numbers are arrays like their primal. */
const tangentsOf = (writer: FunctionWriter, tangents: readonly Tensor[], primals: readonly string[]): string[] =>
  tangents.map((x, i) => {
    const written = writer.read(x);
    return written.isNumber && isName(primals[i])
      ? writer.target.fullLike(primals[i], written.text)
      : writer.exact(x).text;
  });

/**
 * Writes the application of an opaque function, or of its derivative. An application and the jvp at the same operands are one line:
 *
 *   U, dU = jax.jvp(u, (xs, s, t), (v, jnp.ones_like(s), jnp.zeros_like(t)))
 */
export function writeHole(writer: FunctionWriter, equation: Equation): void {
  const { hole, order } = equation.params as HoleParams;
  const { operands, output } = equation;
  const pair = jvpAt(writer, equation);
  if (!pair && order === 0) {
    const { bound = {} } = writer.options;
    const first = Object.hasOwn(bound, hole) ? [bound[hole]] : [];
    const text = `${writer.functionName(hole)}(${[...first, ...argumentsOf(writer, operands)].join(", ")})`;
    if (writer.usesOf(output) === 1 && text.length < 30) writer.inline(equation, text);
    else writer.assign([equation], text, output.shape);
    return;
  }
  const count = pair ? operands.length : operands.length / 2;
  const all = pair ? pair.operands : operands;
  const primals = argumentsOf(writer, all.slice(0, count));
  const f = functionText(writer, hole, pair ? order : order - 1, count);
  const text = writer.target.jvp(f, tupleOf(primals), tupleOf(tangentsOf(writer, all.slice(count), primals)));
  writer.assign(pair ? [equation, pair] : [undefined, equation], text, output.shape);
}

import { sigmoid as scalar } from "../../scalar/sigmoid.ts";
import { gpuFunction } from "../gpuFunction.ts";
import type { Node } from "../graph.ts";
import type { Lanes } from "../lanes/lanes.ts";
import { floatFunction, type Operation } from "../operation.ts";
import { expVector } from "./exp.ts";

/**
 * With E = e^{−|x|}: 1/(1 + E) for x ≥ 0, E/(1 + E) below; nothing overflows. Derivatives need σ(x) and σ(−x), and these the same E.
 */
function sigmoidVector<V>(lanes: Lanes<V>, [x]: readonly V[], { args: [operand], dtype }: Node): V {
  const v = lanes.float(dtype);
  const { id } = operand.op === "neg" ? operand.args[0] : operand;
  const e = lanes.once(`exp(-|${id}|)`, () => expVector(v, v.or(x, v.constant(-0))));
  return v.div(v.select(v.lt(x, v.constant(0)), e, v.constant(1)), v.add(e, v.constant(1)));
}

const gpuSigmoid = gpuFunction(
  "sigmoidOf",
  ["x"],
  `const e = Math.exp(-Math.abs(x));
  return (x < 0 ? e : 1) / (1 + e);`,
);

/** Logistic function 1/(1 + e⁻ˣ). */
export const sigmoid: Operation = {
  ...floatFunction("sigmoid", { arity: 1, scalar, gpu: gpuSigmoid }),
  vector: sigmoidVector,
};

import { expressionsOf } from "../../../compiler/expressionsOf.ts";
import type { ReduceKernel } from "../../../compiler/plan.ts";
import { checkNoIntegerSum } from "../integerSum.ts";
import type { Lowering } from "../lowering.ts";
import { limitMap } from "./map.ts";
import { launchReduction } from "./reduce.ts";
import { sourcesOf } from "./sources.ts";

/** A reduction, with the maps that only it reads. */
export function lowerReduce(lowering: Lowering, kernel: ReduceKernel): void {
  const { equations, shape, axes, combiner, inputs, outputs } = kernel;
  const { operands } = equations[equations.length - 1];
  if (combiner === "sum") checkNoIntegerSum("sum", operands[0].dtype);
  const [root] = expressionsOf(kernel, equations.slice(0, -1), [operands[0]]);
  const sources = sourcesOf(lowering, [root], inputs);
  limitMap(lowering, [root], shape, sources);
  lowering.place(outputs[0].buffer, launchReduction(lowering, { combiner, shape, axes, root, sources }));
}

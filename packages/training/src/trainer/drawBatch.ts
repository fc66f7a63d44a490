import { foldIn, type Tensor } from "@pushforward/tensor";
import { drawLabelled, drawPoints } from "../problems/checkProblem.ts";
import { drawScales } from "./guidance.ts";
import { dropLabels } from "./labels.ts";
import type { Setup } from "./setup.ts";
import type { StepInput } from "./stepInput.ts";
import { stepStreams } from "./streams.ts";

/** The points of a step, with labels where the problem has some, of which a part is dropped, and scales of a guidance where networks take them. */
export function drawBatch(
  { problem, recipe, settings }: Pick<Setup<never>, "problem" | "recipe" | "settings">,
  key: Tensor,
  rows: number,
): Pick<StepInput, "data" | "labels"> {
  const { dtype, dropLabels: probability } = settings;
  const forData = foldIn(key, stepStreams.data);
  if (!problem.classes) return { data: drawPoints(problem, forData, rows, dtype) };
  const { data, labels: given } = drawLabelled(problem, forData, rows, dtype);
  const { max, power = 1 } = recipe.guidance ?? {};
  const scales =
    max === undefined ? {} : { scales: drawScales(max, power, foldIn(key, stepStreams.scales), rows, dtype) };
  const labels = { given, classes: problem.classes.names.length, ...scales };
  return { data, labels: dropLabels(labels, probability, foldIn(key, stepStreams.labels)) };
}

import { foldIn, type Tensor } from "@pushforward/tensor";
import { drawLabelled, drawPoints } from "../problems/checkProblem.ts";
import type { Problem } from "../problems/problem.ts";
import type { TrainingSettings } from "../settings/trainingSettings.ts";
import { dropLabels } from "./labels.ts";
import type { StepInput } from "./stepInput.ts";
import { stepStreams } from "./streams.ts";

/** The points of a step, with labels where the problem has some, of which a part is dropped. */
export function drawBatch(
  problem: Problem,
  { dtype, dropLabels: probability }: Pick<TrainingSettings, "dtype" | "dropLabels">,
  key: Tensor,
  rows: number,
): Pick<StepInput, "data" | "labels"> {
  const forData = foldIn(key, stepStreams.data);
  if (!problem.classes) return { data: drawPoints(problem, forData, rows, dtype) };
  const { data, labels: given } = drawLabelled(problem, forData, rows, dtype);
  const labels = { given, classes: problem.classes.names.length };
  return { data, labels: dropLabels(labels, probability, foldIn(key, stepStreams.labels)) };
}

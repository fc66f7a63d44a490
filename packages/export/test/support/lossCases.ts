import { type AnyLoss, losses } from "@pushforward/losses";
import type { DenseTensor } from "@pushforward/tensor";
import { gradientLines } from "../../src/check/gradientLines.ts";
import { lossCheck, type Stored } from "../../src/check/lossCheck.ts";
import { networkLines } from "../../src/check/smallNetworks.ts";
import { type TargetName, targets } from "../../src/index.ts";
import { writeLoss } from "../../src/lossFunction.ts";
import { writeFile } from "../../src/writeFile.ts";
import { largest, tolerance } from "./differences.ts";
import type { PythonCase } from "./python.ts";

/** A loss with a placement of its stop-gradients. */
export interface Placement {
  readonly loss: AnyLoss;
  readonly without: readonly string[];
  readonly title: string;
}

/** Every subset of at most four labels; of more labels single ones, all and none. */
function placementsOf(stops: readonly string[]): string[][] {
  if (stops.length > 4) return [[], ...stops.map((label) => [label]), [...stops]];
  return Array.from({ length: 2 ** stops.length }, (_, bits) => stops.filter((_, i) => (bits >> i) & 1));
}

/** Every loss of the registry with every placement of its stop-gradients. */
export const placements = (): Placement[] =>
  Object.values(losses).flatMap((loss: AnyLoss) =>
    placementsOf(loss.stops).map((without) => ({
      ...{ loss, without },
      title: `${loss.name}${without.map((label) => `@-${label}`).join("")}`,
    })),
  );

/** The emitted loss with its small networks as a case, whose results are the value and the gradients. */
export function lossCase(
  to: TargetName,
  { loss, without }: Pick<Placement, "loss" | "without">,
  stored: Stored,
): PythonCase {
  const target = targets[to];
  const { loss: one, batchLoss, batchParameters } = writeLoss(loss, target, without);
  const inputs = Object.entries(stored).filter(([name]) => name !== "value" && !name.startsWith("gradient."));
  const main = [
    "def main(*arrays):",
    `    value, gradient = value_and_gradient(dict(zip(${JSON.stringify(inputs.map(([name]) => name))}, arrays)))`,
    "    return [value, *gradient]",
  ];
  const gradient = gradientLines(loss, target, batchParameters);
  const functions = [one, batchLoss, networkLines(target), gradient, main];
  return {
    source: writeFile({ target, description: [], functions }),
    inputs: inputs.map(([, x]) => x),
  };
}

/** The results that the case of a loss must have. */
export const wantedOf = (stored: Stored): DenseTensor[] =>
  Object.entries(stored)
    .filter(([name]) => name === "value" || name.startsWith("gradient."))
    .sort(([a], [b]) => Number(b === "value") - Number(a === "value"))
    .map(([, x]) => x);

/** Roundings of cancelling terms that a gradient may be off by. */
const roundings = 4;

/**
 * Scales of the results of a placement for the comparison with frameworks: the largest elements.
 *
 * Without its stop a weight 1/(e + c) leaves ∇e/(e + c) − e·∇e/(e + c)², two terms as large as the gradient with the stop and up to e/c times as
 * large as their difference. The scale of such a gradient is never so small that the tolerance would be below some roundings of these terms.
 */
export function scalesOf({ loss, without }: Pick<Placement, "loss" | "without">, wanted: DenseTensor[]): number[] {
  if (!without.includes("weight")) return wanted.map(largest);
  const stopped = lossCheck(
    loss,
    without.filter((label) => label !== "weight"),
  );
  const terms = wantedOf(stopped).map(largest);
  return wanted.map((x, i) => Math.max(largest(x), ((roundings * Number.EPSILON) / tolerance) * terms[i]));
}

import type { Role } from "../run/contenders.ts";
import type { Settings } from "../run/settings.ts";
import type { StepTask, Task } from "../tasks/task.ts";
import type { Case, Group } from "./group.ts";

/** Batch and width of the sizes in the targets. */
export const stepSizesOfTargets = [
  [256, 64],
  [1024, 128],
  [1024, 256],
  [4096, 256],
] as const;

/** Sizes that are no multiples of vectors and blocks. */
const oddSizes = [
  [333, 100],
  [77, 33],
] as const;

/** Hidden layers of the step. */
export const depth = 3;

/** Both losses, the published one first. */
export const stepLosses = ["sg", "full"] as const;

/** The name of a step: "(1024, 256) full". */
export const stepName = (batch: number, width: number, loss: StepTask["loss"]): string =>
  `(${batch}, ${width}) ${loss}`;

/** A case of the step at a size. */
export function stepCase(
  batch: number,
  width: number,
  loss: StepTask["loss"],
  roles: readonly Role[],
  layers = depth,
): Case {
  return { name: stepName(batch, width, loss), task: { kind: "step", batch, width, depth: layers, loss }, roles };
}

/** Multiply-adds of matrix products in a step, twice each: forward and tangent, then gradients of weights and inputs. */
export function stepFlops(task: Task): number {
  if (task.kind !== "step") return 0;
  const { batch, width, depth: layers, loss } = task;
  const hidden = 2 * batch * width * width * (layers - 1);
  const edges = 2 * batch * (4 * width + 2 * width);
  return loss === "full" ? 6 * hidden + 6 * edges : 4 * hidden + 4 * edges;
}

function rolesAt(batch: number, width: number, { isQuick }: Settings): Role[] {
  const all: Role[] = ["ours", "oneThread", "otherNode", "peer", "guest"];
  if (batch === 4096) all.push("twoThreads");
  if (batch * width <= 256 * 64) all.push("reference");
  if (!isQuick || batch < 4096) all.push("slowPeer");
  return all;
}

/** The training step of the project. */
export const step: Group = {
  name: "step",
  about:
    "One optimiser step of MeanFlow at (batch, width): perceptron 4 → W → W → W → 2 with SiLU, JVP, squared error, reverse mode, Adam. sg stops the target, full differentiates through it.",
  unit: "ms per step",
  fraction: 0.3,
  processPer: ({ isQuick }) => (isQuick ? "group" : "case"),
  cases: (settings) =>
    [...stepSizesOfTargets, ...(settings.isQuick ? oddSizes.slice(0, 1) : oddSizes)].flatMap(([batch, width]) =>
      stepLosses.map((loss) => stepCase(batch, width, loss, rolesAt(batch, width, settings))),
    ),
  figures: (task, ms) => ({ gflops: stepFlops(task) / ms / 1e6 }),
};

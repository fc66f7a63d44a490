import { figureOf } from "../report/row.ts";
import type { ConvTask } from "../tasks/task.ts";
import type { Case, Group } from "./group.ts";

/** Layers of a small U-Net: side of the pictures, channels and channels of the result. */
const layers = [
  [28, 1, 16],
  [28, 16, 16],
  [28, 32, 16],
  [14, 32, 32],
  [7, 64, 64],
  [28, 16, 1],
] as const;

const names: readonly ConvTask["name"][] = ["pictures", "gradient of pictures", "gradient of the kernel", "product"];

/** Floating-point operations of a convolution and of its gradients; zeros beside the pictures count. */
const flopsOf = ({ batch, side, channels, outputs }: ConvTask): number => 18 * batch * side ** 2 * channels * outputs;

/** Convolutions beside products of the same sizes. */
export const conv: Group = {
  name: "conv",
  about:
    "Convolutions of 64 float32 pictures by kernels of 3 × 3 places, their gradients, and plain products of matrices with as many rows, terms and columns.",
  unit: "GFLOP/s",
  fraction: 0.08,
  processPer: () => "group",
  cases: () =>
    layers.flatMap(([side, channels, outputs]) =>
      names.map(
        (name): Case => ({
          name: `${name}, ${side} × ${side}, ${channels} → ${outputs}`,
          task: { kind: "conv", name, batch: 64, side, channels, outputs },
          roles: ["ours", "oneThread", "otherNode", "peer"],
        }),
      ),
    ),
  figures: (task, ms) => ({ gflops: task.kind === "conv" ? flopsOf(task) / ms / 1e6 : 0 }),
  cell: (row) => figureOf(row, "gflops").toFixed(1),
};

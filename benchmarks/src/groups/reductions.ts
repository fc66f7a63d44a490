import type { ReductionTask } from "../tasks/task.ts";
import type { Case, Group } from "./group.ts";

const axes: readonly (readonly [string, ReductionTask["axis"]])[] = [
  ["of each row", 1],
  ["of each column", 0],
  ["of all", null],
];

/** A size that is a multiple of the blocks, a size that is not, and a size with long columns. */
const shapes = [
  [1024, 1024],
  [1000, 333],
  [100_000, 10],
] as const;

/** Sums. */
export const reductions: Group = {
  name: "reductions",
  about: "Sums of a float32 matrix. A call includes moving its argument in, where an implementation does that.",
  unit: "µs",
  fraction: 0.05,
  processPer: () => "group",
  cases: () =>
    shapes.flatMap((shape) =>
      axes.map(
        ([title, axis]): Case => ({
          name: `sum ${title}, ${shape.join(" × ")}`,
          task: { kind: "reduction", shape, axis },
          roles: ["ours", "oneThread", "otherNode", "peer", "slowPeer"],
        }),
      ),
    ),
  figures: (task, ms): Record<string, number> =>
    task.kind === "reduction" ? { gigabytesPerSecond: (4 * task.shape[0] * task.shape[1]) / ms / 1e6 } : {},
  cell: ({ medianMs }) => ((medianMs ?? Number.NaN) * 1000).toFixed(0),
};

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

/** Pictures [batch, pixels, groups, channels of a group] of group norms in a U-Net, and the same numbers as rows. */
const groupNorms = [
  [64, 784, 8, 2],
  [64, 784, 8, 6],
  [64, 196, 8, 4],
] as const;

const pictureCases: readonly Case[] = groupNorms.flatMap(([batch, pixels, groups, channels]) => {
  const size = `${batch} × ${pixels} × ${groups} × ${channels}`;
  const roles = ["ours", "oneThread", "otherNode", "peer"] as const;
  return [
    {
      name: `sum of each group of channels, ${size}`,
      task: { kind: "reduction", shape: [batch, pixels, groups, channels], axis: [1, 3] },
      roles,
    },
    {
      name: `sum of as many contiguous elements, ${size}`,
      task: { kind: "reduction", shape: [batch * groups, pixels * channels], axis: 1 },
      roles,
    },
  ] as const;
});

/** Sums. */
export const reductions: Group = {
  name: "reductions",
  about:
    "Sums of float32 matrices, and of the groups of channels of pictures. A call includes moving its argument in, where an implementation does that.",
  unit: "µs",
  fraction: 0.05,
  processPer: () => "group",
  cases: () => [
    ...shapes.flatMap((shape) =>
      axes.map(
        ([title, axis]): Case => ({
          name: `sum ${title}, ${shape.join(" × ")}`,
          task: { kind: "reduction", shape, axis },
          roles: ["ours", "oneThread", "otherNode", "peer", "slowPeer"],
        }),
      ),
    ),
    ...pictureCases,
  ],
  figures: (task, ms): Record<string, number> =>
    task.kind === "reduction"
      ? { gigabytesPerSecond: (4 * task.shape.reduce((product, n) => product * n, 1)) / ms / 1e6 }
      : {},
  cell: ({ medianMs }) => ((medianMs ?? Number.NaN) * 1000).toFixed(0),
};

import { figureOf } from "../report/row.ts";
import type { Group } from "./group.ts";
import { stepCase } from "./step.ts";

/** Bytes as text. */
const megabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)}`;

/** Memory of a training step. */
export const memory: Group = {
  name: "memory",
  about:
    "Memory of the step: the peak of the whole process, and for compiled functions what they keep, next to what an unfused program would hold at its fullest moment (inputs, constants and outputs; views for nothing).",
  unit: "MB: peak of the process (kept by the compiled function / live tensors)",
  withMemory: true,
  fraction: 0.05,
  processPer: () => "case",
  cases: ({ isQuick }) =>
    (isQuick ? (["full"] as const) : (["sg", "full"] as const)).map((loss) =>
      stepCase(4096, 256, loss, ["ours", "oneThread", "otherNode", "peer", ...(isQuick ? [] : ["slowPeer" as const])]),
    ),
  cell: (row) => {
    const [peak, kept, live] = ["peakBytes", "executableBytes", "liveBytes"].map((name) => figureOf(row, name));
    return `${megabytes(peak)}${Number.isNaN(kept) ? "" : ` (${megabytes(kept)} / ${megabytes(live)})`}`;
  },
};

import { figureOf } from "../report/row.ts";
import type { NetworkTask } from "../tasks/task.ts";
import type { Case, Group } from "./group.ts";

const networksOf: Readonly<Record<string, NetworkTask["network"]>> = {
  "U-Net 16-32-32": { name: "unet", width: 16, levels: [1, 2, 2] },
  "DiT patch 7, 64 × 2": { name: "dit", patch: 7, dim: 64, depth: 2 },
  "DiT patch 4, 64 × 2": { name: "dit", patch: 4, dim: 64, depth: 2 },
  "DiT patch 2, 64 × 4, checkpoints": { name: "dit", patch: 2, dim: 64, depth: 4, checkpoint: true },
};

/** Networks of quick runs: compiling the others takes too long. */
const quick = "DiT patch 7, 64 × 2";

/** Training steps of networks of pictures. */
export const networks: Group = {
  name: "networks",
  about:
    "One optimiser step of MeanFlow on 64 pictures of 28 × 28 pixels, and the memory that it keeps. The step of JAX is the same program, written by the export.",
  unit: "ms per step (MB kept by the compiled function)",
  withMemory: true,
  fraction: 0.1,
  processPer: () => "case",
  cases: ({ isQuick }) =>
    Object.entries(networksOf)
      .filter(([name]) => !isQuick || name === quick)
      .map(
        ([name, network]): Case => ({
          name,
          task: { kind: "network", batch: 64, network },
          roles: ["ours", "oneThread", "otherNode", "peer"],
        }),
      ),
  cell(row) {
    const bytes = figureOf(row, "executableBytes");
    return `${(row.medianMs ?? Number.NaN).toFixed(1)}${Number.isNaN(bytes) ? "" : ` (${Math.round(bytes / 1e6)})`}`;
  },
};

import type { OverheadTask } from "../tasks/task.ts";
import type { Case, Group } from "./group.ts";

const names: Record<OverheadTask["name"], string> = {
  add: "x + y of 4 numbers, eager",
  tanh: "tanh of 4 numbers, eager",
  matmul: "4 × 4 product, eager",
  compiledAdd: "x + y of 4 numbers, compiled",
};

/** Operations per measured call. */
const count = 500;

/** The overhead of an operation on a few numbers. */
export const overhead: Group = {
  name: "overhead",
  about: "One operation on a few numbers, again and again on its own result: what a call costs by itself.",
  unit: "µs per operation",
  fraction: 0.04,
  processPer: () => "group",
  cases: () =>
    Object.entries(names).map(
      ([name, title]): Case => ({
        name: title,
        task: { kind: "overhead", name: name as OverheadTask["name"], count },
        roles: name === "compiledAdd" ? ["ours", "otherNode", "peer"] : ["ours", "otherNode", "peer", "slowPeer"],
      }),
    ),
  cell: ({ medianMs }) => ((medianMs ?? Number.NaN) * 1000).toFixed(2),
};

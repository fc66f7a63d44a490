import { figureOf } from "../report/row.ts";
import type { Role } from "../run/contenders.ts";
import { chainLength, type ElementwiseTask } from "../tasks/task.ts";
import type { Case, Group } from "./group.ts";

const names: Record<ElementwiseTask["name"], string> = {
  exp: "exp",
  tanh: "tanh",
  siluGradient: "σ(x)·(1 + x·(1 − σ(x)))",
  expChain: `one exp of ${chainLength} fused: x ← exp(−x)`,
  tanhChain: `one tanh of ${chainLength} fused: x ← tanh(2x)`,
};

const roles: readonly Role[] = ["ours", "oneThread", "otherNode", "peer", "slowPeer"];

/** A power of two, and an odd size that ends in the middle of a vector. */
const sizesOf = (isQuick: boolean): number[] => (isQuick ? [2 ** 20] : [2 ** 20, 1_000_003]);

/** Functions of every element, alone and fused. */
export const elementwise: Group = {
  name: "elementwise",
  about:
    "A function of every element of a float32 vector. A call includes moving its argument in and its result out, where an implementation does that; in the chains of functions the computing weighs more.",
  unit: "ns per element",
  fraction: 0.07,
  processPer: () => "group",
  cases: ({ isQuick }) =>
    sizesOf(isQuick).flatMap((size) =>
      Object.entries(names).map(
        ([name, title]): Case => ({
          name: `${title}, ${size} elements`,
          task: { kind: "elementwise", name: name as ElementwiseTask["name"], size },
          roles,
        }),
      ),
    ),
  figures: (task, ms): Record<string, number> => {
    if (task.kind !== "elementwise") return {};
    return { nsPerElement: (ms * 1e6) / task.size };
  },
  cell: (row) => figureOf(row, "nsPerElement").toFixed(2),
};

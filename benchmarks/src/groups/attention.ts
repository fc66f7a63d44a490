import { figureOf } from "../report/row.ts";
import type { AttentionTask } from "../tasks/task.ts";
import type { Case, Group } from "./group.ts";

/** Tokens of a picture, heads and features of a head, in transformers of patches of 7 and 4 pixels. */
const sizes = [
  [16, 4, 16],
  [49, 4, 16],
  [49, 1, 64],
] as const;

const names: readonly AttentionTask["name"][] = ["scores", "values", "core", "product"];

/** Operations of the products; the softmax of the core counts for nothing. */
const flopsOf = ({ name, batch, heads, tokens, size }: AttentionTask): number =>
  (name === "core" ? 4 : 2) * batch * heads * tokens ** 2 * size;

/** Products of attention beside a plain product. */
export const attention: Group = {
  name: "attention",
  about:
    "Attention of 64 float32 pictures: scores q·kᵀ, values P·v, the core softmax(q·kᵀ/√d)·v, and one plain product with as many operations as the scores. A call includes moving arguments in and the result out, where an implementation does that.",
  unit: "GFLOP/s",
  fraction: 0.04,
  processPer: () => "group",
  cases: () =>
    sizes.flatMap(([tokens, heads, size]) =>
      names.map(
        (name): Case => ({
          name: `${name}, ${tokens} tokens, ${heads} × ${size}`,
          task: { kind: "attention", name, batch: 64, heads, tokens, size },
          roles: ["ours", "oneThread", "otherNode", "peer"],
        }),
      ),
    ),
  figures: (task, ms) => ({ gflops: task.kind === "attention" ? flopsOf(task) / ms / 1e6 : 0 }),
  cell: (row) => figureOf(row, "gflops").toFixed(1),
};

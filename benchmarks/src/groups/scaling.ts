import type { Role } from "../run/contenders.ts";
import type { Case, Group } from "./group.ts";
import { depth, stepCase, stepFlops } from "./step.ts";

const roles: readonly Role[] = ["ours", "oneThread", "twoThreads", "otherNode"];

/** The common point of the three scales. */
const [batch, width] = [512, 128];

const batches = [1, 16, 64, 256, 1024, 2048];
const widths = [16, 32, 64, 192, 256, 384];
const depths = [1, 2, 4, 8];

/** The time of the step by size. */
export const scaling: Group = {
  name: "scaling",
  about: `The full step while one of batch, width and depth changes and the others stay at ${batch}, ${width} and ${depth}.`,
  unit: "ms per step",
  fraction: 0.06,
  processPer: ({ isQuick }) => (isQuick ? "group" : "case"),
  cases: ({ isQuick }) => {
    const thinned = (values: readonly number[]): number[] => values.filter((_, i) => !isQuick || i % 2 === 0);
    const named = (name: string, each: Case): Case => ({ ...each, name });
    return [
      ...thinned(batches).map((n) => named(`batch ${n}`, stepCase(n, width, "full", roles))),
      ...thinned(widths).map((n) => named(`width ${n}`, stepCase(batch, n, "full", roles))),
      ...thinned(depths).map((n) => named(`depth ${n}`, stepCase(batch, width, "full", roles, n))),
    ];
  },
  figures: (task, ms) => ({ gflops: stepFlops(task) / ms / 1e6 }),
};

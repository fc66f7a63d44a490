import { figureOf } from "../report/row.ts";
import type { Role } from "../run/contenders.ts";
import type { Case, Group } from "./group.ts";

const sizes = [32, 64, 128, 256, 512, 1024, 33, 100, 333, 1000];

/** Least number of floating-point operations per call, and largest number of products per call. */
const [callFlops, mostProducts] = [5e7, 64];

/** From this size on JavaScript loops take too long for a quick run. */
const large = 1000;

/** Floating-point operations of a product of two square matrices. */
export const matmulFlops = (size: number): number => 2 * size ** 3;

/** The name of a product: "512 × 512". */
export const matmulName = (size: number): string => `${size} × ${size}`;

/** Products of square matrices. */
export const matmul: Group = {
  name: "matmul",
  about: "Products of square float32 matrices, several in a row in one compiled call, each of the last one's result.",
  unit: "GFLOP/s",
  fraction: 0.14,
  processPer: () => "group",
  cases: ({ isQuick }) =>
    sizes.map((size): Case => {
      const count = Math.max(2, Math.min(mostProducts, Math.ceil(callFlops / matmulFlops(size))));
      const roles: Role[] = ["ours", "oneThread", "otherNode", "peer"];
      if (!isQuick || size < large) roles.push("slowPeer");
      return { name: matmulName(size), task: { kind: "matmul", size, count }, roles };
    }),
  figures: (task, ms) => ({ gflops: task.kind === "matmul" ? matmulFlops(task.size) / ms / 1e6 : 0 }),
  cell: (row) => figureOf(row, "gflops").toFixed(1),
};

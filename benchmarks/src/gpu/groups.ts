import type { Case, Group } from "../groups/group.ts";
import { matmulFlops, matmulName, matmul as matmulOnProcessor } from "../groups/matmul.ts";
import { stepCase, stepLosses, step as stepOnProcessor } from "../groups/step.ts";
import { threeDigits } from "../report/cells.ts";
import { figureOf, type Row } from "../report/row.ts";

/** Sizes of products. What is too large for a slow adapter is left out when its turn comes. */
const sizes = [128, 256, 512, 1024, 2048, 4096];

/** Floating-point operations that a call should have at least, and products that it may have at most. */
const callFlops = { software: 5e7, hardware: 5e11 };
const mostProducts = 64;

/** Batch and width of the steps: the small one everywhere, the others on GPUs that are some. */
const stepSizes = {
  software: [[256, 64]],
  hardware: [
    [256, 64],
    [1024, 256],
    [4096, 256],
    [16384, 512],
  ],
} as const;

/** "512 (4.10 %)": a figure with the part of the card's peak, where that is known. */
function withPart(figure: number, row: Row): string {
  const part = figureOf(row, "partOfPeak");
  return `${threeDigits(figure)}${Number.isNaN(part) ? "" : ` (${threeDigits(100 * part)} %)`}`;
}

/** Products and steps in a page, of sizes for an adapter that is a GPU, or that a processor plays. */
export function gpuGroups(kind: "hardware" | "software"): readonly [Group, Group] {
  const matmul: Group = {
    ...matmulOnProcessor,
    about:
      "Products of square float32 matrices, several in a row in one call, each of the last one's result. Calls of pushforward carry the matrices to the device and the result back; those of the others leave them there. In brackets the part of the card's peak.",
    fraction: 0.5,
    processPer: () => "case",
    cases: () =>
      sizes.map((size): Case => {
        const wanted = Math.ceil(callFlops[kind] / matmulFlops(size));
        const count = Math.max(2, Math.min(mostProducts, wanted));
        return { name: matmulName(size), task: { kind: "matmul", size, count }, roles: [] };
      }),
    cell: (row) => withPart(figureOf(row, "gflops"), row),
  };
  const step: Group = {
    ...stepOnProcessor,
    fraction: 0.5,
    processPer: () => "case",
    cases: () =>
      stepSizes[kind].flatMap(([batch, width]) => stepLosses.map((loss) => stepCase(batch, width, loss, []))),
    figures: (task, ms) => ({ ...stepOnProcessor.figures?.(task, ms), stepsPerSecond: 1000 / ms }),
    cell: (row) => withPart(row.medianMs ?? Number.NaN, row),
  };
  return [matmul, step];
}

import type { Case, Group } from "../groups/group.ts";
import { matmulFlops, matmulName, matmul as matmulOnProcessor } from "../groups/matmul.ts";
import { stepCase, stepLosses, step as stepOnProcessor } from "../groups/step.ts";
import { threeDigits } from "../report/cells.ts";
import { figureOf, type Row } from "../report/row.ts";

/** Sizes of products. Sizes that are too large for a slow adapter are skipped during the run. */
const sizes = [128, 256, 512, 1024, 2048, 4096];

/** Least number of floating-point operations per call, and largest number of products per call. */
const callFlops = { software: 5e7, hardware: 5e11 };
const mostProducts = 64;

/** Batch and width of the steps: the small step on all adapters, the others on real GPUs only. */
const stepSizes = {
  software: [[256, 64]],
  hardware: [
    [256, 64],
    [1024, 256],
    [4096, 256],
    [16384, 512],
  ],
} as const;

/** "512 (4.10 %)": a number with the percentage of the card's peak, if the peak is known. */
function withPart(figure: number, row: Row): string {
  const part = figureOf(row, "partOfPeak");
  return `${threeDigits(figure)}${Number.isNaN(part) ? "" : ` (${threeDigits(100 * part)} %)`}`;
}

/** Products and steps in a page, with sizes for a real GPU or for a software adapter. */
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

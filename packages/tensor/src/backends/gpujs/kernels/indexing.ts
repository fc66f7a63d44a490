import { BackendError } from "../../../array/errors.ts";
import { sizeOf } from "../../../array/shape.ts";
import type { GatherParams, ScatterAddParams } from "../../../primitives/indexing.ts";
import type { Equation } from "../../../program/equation.ts";
import { checkNoIntegerSum } from "../integerSum.ts";
import { kernelText } from "../kernelText.ts";
import type { DeviceArray, Lowering } from "../lowering.ts";
import { threadsOf } from "../threads.ts";
import { blockedSum, indexLoops } from "./blockedSum.ts";

/** An index that was stored as a float, within [0, n), as an integer. */
const indexIn = (source: string, n: number): string => `Math.floor(Math.min(Math.max(${source}, 0), ${n - 1}) + 0.5)`;

/** x [B, n, R] and indices [B, K] → [B, K, R]. */
export function lowerGather(lowering: Lowering, { operands, params }: Equation, arrays: readonly DeviceArray[]) {
  const { batchAxes } = params as GatherParams;
  const [x, indices] = operands;
  const n = x.shape[batchAxes];
  const batch = sizeOf(x.shape.slice(0, batchAxes));
  const picks = sizeOf(indices.shape.slice(batchAxes));
  const row = sizeOf(x.shape.slice(batchAxes + 1));
  const { output, coordinates, functions } = threadsOf([batch, picks, row]);
  const [b, k, r] = coordinates;
  const index = indexIn(`a1[${b} * ${picks} + ${k}]`, n);
  const line = `return a0[(${b} * ${n} + ${index}) * ${row} + ${r}];`;
  return lowering.launch(kernelText(2, [line], output, functions), arrays);
}

/** Comparisons that a scatterAdd may take: every place compares every index. */
const mostComparisons = 2 ** 32;

/** updates [B, K, R] and indices [B, K] → [B, size, R]: every place sums its updates, in index order. */
export function lowerScatterAdd(
  lowering: Lowering,
  { operands, params, output: result }: Equation,
  arrays: readonly DeviceArray[],
) {
  const { batchAxes, size } = params as ScatterAddParams;
  const [updates, indices] = operands;
  checkNoIntegerSum("scatterAdd", updates.dtype);
  const batch = sizeOf(indices.shape.slice(0, batchAxes));
  const picks = sizeOf(indices.shape.slice(batchAxes));
  const row = sizeOf(updates.shape.slice(indices.shape.length));
  if (sizeOf(result.shape) * picks > mostComparisons) {
    throw new BackendError(
      `gpujs: scatterAdd of ${picks} updates to [${result.shape}] would compare ${sizeOf(result.shape) * picks} indices; ` +
        'use fewer at a time, or backend "wasm"',
    );
  }
  const { output, coordinates, functions } = threadsOf([batch, size, row]);
  if (picks === 0) return lowering.launch(kernelText(0, ["return 0;"], output), []);
  const [b, place, r] = coordinates;
  const { loops, index: k, isCut } = indexLoops("k", picks);
  const guard = isCut ? [`if (${k} < ${picks}) {`] : [];
  const lines = [
    ...blockedSum(loops, (total) => [
      ...guard,
      `const index = Math.min(Math.max(a1[${b} * ${picks} + ${k}], 0), ${size - 1});`,
      `if (Math.abs(index - ${place}) < 0.5) { ${total} += a0[(${b} * ${picks} + ${k}) * ${row} + ${r}]; }`,
      ...guard.map(() => "}"),
    ]),
    "return total;",
  ];
  return lowering.launch(kernelText(2, lines, output, functions), arrays);
}

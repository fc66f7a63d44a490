import { BackendError } from "../../../array/errors.ts";
import type { AxisParams } from "../../../primitives/indexing.ts";
import type { Equation } from "../../../program/equation.ts";
import { kernelText } from "../kernelText.ts";
import type { DeviceArray, Lowering } from "../lowering.ts";
import { threadsOf } from "../threads.ts";
import { splitAtAxis } from "./splitAtAxis.ts";

/** Longest axis: every element is compared with every other. */
const longest = 32_768;

/**
 * Sorting by rank: the rank of an element is the number of smaller elements and of equal elements in front of it. A second launch
 * finds the element of each rank. n² comparisons per line, all in parallel.
 *
 * @throws BackendError for an axis that is too long
 */
export function lowerArgsort(lowering: Lowering, { operands: [x], params }: Equation, [array]: readonly DeviceArray[]) {
  const [outer, n, inner] = splitAtAxis(x.shape, (params as AxisParams).axis);
  if (n > longest)
    throw new BackendError(
      `gpujs: argsort compares all pairs and takes axes up to ${longest}, got ${n}; use backend "wasm"`,
    );
  const { output, coordinates, functions } = threadsOf([outer, n, inner]);
  const [o, k, i] = coordinates;
  const at = (place: string): string => `a0[${o} * ${n * inner} + ${place} * ${inner} + ${i}]`;
  const loop = `for (let j = 0; j < ${n}; j++) {`;
  const ranks = [
    `const own = ${at(k)};`,
    "let rank = 0;",
    loop,
    `const other = ${at("j")};`,
    `if (other < own) { rank += 1; }`,
    `if (j < ${k}) { if (other === own) { rank += 1; } }`,
    "}",
    "return rank;",
  ];
  const places = [
    "let place = 0;",
    "let count = 0;",
    loop,
    `if (Math.abs(${at("j")} - ${k}) < 0.5) { place = count; }`,
    "count += 1;",
    "}",
    "return place;",
  ];
  const ranked = lowering.launch(kernelText(1, ranks, output, functions), [array]);
  return lowering.launch(kernelText(1, places, output, functions), [ranked]);
}

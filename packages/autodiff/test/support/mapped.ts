import { bind, DenseTensor, primitiveOf, stack, type Tensor } from "@pushforward/tensor";
import type { PrimitiveCase } from "@pushforward/testing";
import { vmap } from "../../src/index.ts";

/** Size of the mapped axis. */
export const rows = 3;

/** Other values that an operand may have: its elements in another order. */
function rowsOf(x: Tensor): DenseTensor[] {
  const { buffer, shape, dtype } = x.concrete("rowsOf");
  return Array.from({ length: rows }, (_, r) => {
    const turned = buffer.map((__, i) => buffer[(i * (r === 1 ? buffer.length - 1 : 1) + r) % buffer.length]);
    return new DenseTensor(turned, shape, dtype);
  });
}

/** A primitive on rows of some of its operands, mapped and in a loop. */
export function mappedAndLooped(
  { name, operands, params }: PrimitiveCase,
  isMapped: (i: number) => boolean,
  axis: number,
) {
  const f = (...xs: Tensor[]): Tensor => bind(primitiveOf(name), xs, params);
  const batches = operands.map(rowsOf);
  const at = (x: Tensor): number => Math.min(axis, x.rank);
  const inAxes = operands.map((x, i) => (isMapped(i) ? at(x) : null));
  const inputs = operands.map((x, i) => (isMapped(i) ? stack(batches[i], at(x)) : x));
  const loop = Array.from({ length: rows }, (_, r) => f(...operands.map((x, i) => (isMapped(i) ? batches[i][r] : x))));
  return { mapped: vmap(f, { inAxes })(...inputs), looped: stack(loop) };
}

/** Which operands are mapped in the n-th case: every choice of at least one comes up. */
export const chosenOperands =
  (count: number, n: number) =>
  (i: number): boolean =>
    (((n % (2 ** Math.min(count, 8) - 1)) + 1) & (1 << i)) !== 0;

import type { Shape, SliceParams } from "@pushforward/tensor";

/** Entries of an index without the full ranges at the end; `...` where nothing else is left. */
function indexText(entries: readonly string[]): string {
  const last = entries.findLastIndex((entry) => entry !== ":");
  return entries.slice(0, last + 1).join(", ");
}

/** One range of an index. */
function rangeText(start: number, stop: number, step: number, size: number): string {
  if (start === 0 && stop === size && step === 1) return ":";
  const [from, to] = [start === 0 ? "" : start, stop === size ? "" : stop];
  return step === 1 ? `${from}:${to}` : `${from}:${to}:${step}`;
}

/** The index of a slice, as in `1:3, ::2`; empty where the slice is the whole. */
export const sliceText = (shape: Shape, { start, stop, step }: SliceParams): string =>
  indexText(shape.map((n, axis) => rangeText(start[axis], stop[axis], step[axis], n)));

/** The index that inserts axes of size 1, as in `:, None`; undefined if a reshape does more. */
export function insertedAxes(from: Shape, to: Shape): string | undefined {
  let at = 0;
  const entries = to.map((n) => {
    if (at < from.length && from[at] === n) {
      at++;
      return ":";
    }
    return n === 1 ? "None" : "";
  });
  const fits = at === from.length && !entries.includes("") && to.length > from.length;
  return fits ? indexText(entries) : undefined;
}

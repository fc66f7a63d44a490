import { asTensor, flatten, type Tensor } from "@pushforward/tensor";

/** |got − want|/max(1, |want|): absolute for small numbers, relative for large ones. */
export const gapOf = (got: number, want: number): number => Math.abs(got - want) / Math.max(1, Math.abs(want));

/** The larger of two residuals, or NaN if one of them is NaN, so that NaN never passes. */
export const worse = (a: number, b: number): number => (Number.isNaN(a) || a > b ? a : b);

/** The largest gap between two lists of numbers. */
export function listGap(got: ArrayLike<number>, want: ArrayLike<number>): number {
  if (got.length !== want.length) return Number.NaN;
  let worst = 0;
  for (let i = 0; i < got.length; i++) worst = worse(gapOf(got[i], want[i]), worst);
  return worst;
}

/** The largest gap between two trees of tensors, element by element; NaN if leaves differ in number or shape. */
export function treeGap(got: unknown, want: unknown): number {
  const [a, b] = [flatten(got).leaves, flatten(want).leaves].map((leaves) => leaves.map((leaf) => asTensor(leaf)));
  if (a.length !== b.length) return Number.NaN;
  return a.reduce((worst, x, i) => {
    const sameShape = x.shape.join() === b[i].shape.join();
    return worse(sameShape ? listGap(x.dataSync(), b[i].dataSync()) : Number.NaN, worst);
  }, 0);
}

/** The largest gap in each row: [n, ...] and [n, ...] → n residuals. */
export function rowGaps(got: Tensor, want: Tensor): Float64Array {
  const n = got.shape[0];
  const [a, b] = [got.dataSync(), want.dataSync()];
  const width = a.length / Math.max(1, n);
  return Float64Array.from({ length: n }, (_, row) => {
    if (a.length !== b.length) return Number.NaN;
    return listGap(a.subarray(row * width, (row + 1) * width), b.subarray(row * width, (row + 1) * width));
  });
}

/** The larger of several residuals, instance by instance. */
export const worstOf = (...all: readonly Float64Array[]): Float64Array =>
  all[0].map((first, i) => all.slice(1).reduce((worst, each) => worse(each[i], worst), first));

import { type FunctionBuilder, v128 } from "../assembler/index.ts";

/** Bytes of the lanes of two vectors of four numbers. */
const lanes = (...of: readonly number[]): number[] => of.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte));

/** Stores the columns of four vectors of four numbers, the first one some bytes behind the target and each `between` bytes after the last. */
export function storeTurned(
  fn: FunctionBuilder,
  rows: readonly number[],
  target: number,
  { first, between }: { readonly first: number; readonly between: number },
): void {
  const pick = (a: number, b: number, picked: readonly number[]): void => {
    fn.get(a);
    fn.get(b);
    fn.shuffle(picked);
  };
  [lanes(0, 4, 1, 5), lanes(2, 6, 3, 7)].forEach((interleaved, half) => {
    const pairs = [0, 2].map((row) => {
      const local = fn.local("v128");
      pick(rows[row], rows[row + 1], interleaved);
      fn.set(local);
      return local;
    });
    [lanes(0, 1, 4, 5), lanes(2, 3, 6, 7)].forEach((joined, i) => {
      fn.get(target);
      pick(pairs[0], pairs[1], joined);
      fn.memory(v128.store, first + (2 * half + i) * between);
    });
    for (const local of pairs) fn.release(local);
  });
}

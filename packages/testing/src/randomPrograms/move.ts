import type { DenseTensor, Tensor } from "@pushforward/tensor";

/** Kinds of moves: smooth everywhere, with kinks or jumps, or through int32 and bool. */
export type Kind = "smooth" | "kinky" | "discrete" | "stop";

/** A step of a random program: the earlier values that it reads, and its function of them. */
export interface Step {
  readonly operands: readonly number[];
  apply(...operands: Tensor[]): Tensor;
}

/** The values so far. */
export type Pool = readonly DenseTensor[];

/** A whole number in [0, n), drawn from the choices of this step. */
export type Pick = (n: number) => number;

/** Makes the next step of a program; undefined where no value fits. Only values up to `small` elements may grow. */
export interface Move {
  readonly name: string;
  readonly kind: Kind;
  make(pool: Pool, pick: Pick, small: number): Step | undefined;
}

/** Any earlier value, recent ones twice as often. */
export function anyValue(pool: Pool, pick: Pick): number {
  const i = pick(2 * pool.length);
  return i < pool.length ? i : pool.length - 1 - Math.floor((i - pool.length) / 2);
}

/** A move on one value. */
export const onOne = (
  name: string,
  kind: Kind,
  f: (x: Tensor, pick: Pick) => Tensor,
  isFit: (x: DenseTensor, small: number) => boolean = () => true,
): Move => ({
  name,
  kind,
  make(pool, pick, small) {
    const at = anyValue(pool, pick);
    if (!isFit(pool[at], small)) return undefined;
    // The choices are drawn now; replays take them from the list.
    const drawn = [pick(2 ** 20), pick(2 ** 20), pick(2 ** 20), pick(2 ** 20)];
    return {
      operands: [at],
      apply: (x) => {
        let next = 0;
        return f(x, (n) => drawn[next++ % drawn.length] % n);
      },
    };
  },
});

/** A move on two values that broadcast together; the second is summed to a scalar where they do not. */
export const onTwo = (name: string, kind: Kind, f: (x: Tensor, y: Tensor) => Tensor): Move => ({
  name,
  kind,
  make(pool, pick) {
    const [a, b] = [anyValue(pool, pick), anyValue(pool, pick)];
    const fits = broadcasts(pool[a], pool[b]);
    return { operands: [a, b], apply: (x, y) => f(x, fits ? y : y.sum().mul(0.125)) };
  },
});

function broadcasts(a: DenseTensor, b: DenseTensor): boolean {
  const rank = Math.min(a.rank, b.rank);
  return Array.from({ length: rank }, (_, i) => [a.shape[a.rank - 1 - i], b.shape[b.rank - 1 - i]]).every(
    ([n, m]) => n === m || n === 1 || m === 1,
  );
}

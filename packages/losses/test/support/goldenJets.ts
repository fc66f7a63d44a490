import { type Tensor, tensor } from "@pushforward/tensor";
import type { TanhParams } from "./goldenProblem.ts";

export type Matrix = number[][];

/** Parameters of a network of the tests as JAX writes them. */
export type Lists = { readonly A: Matrix; readonly b: number[]; readonly c: number[]; readonly d: number[] };

/** Values per row of a loss and the gradient of their sum, computed by JAX. */
export interface GoldenJet {
  readonly values: number[];
  readonly gradient: Lists;
}

export const paramsOf = ({ A, b, c, d }: Lists): TanhParams => ({
  A: tensor(A),
  b: tensor(b),
  c: tensor(c),
  d: tensor(d),
});

const farthest = (got: Tensor, want: Tensor): number =>
  Math.max(...got.sub(want).abs().div(want.abs().add(1)).dataSync());

/** The largest difference of ours from the golden numbers, by 1 + |number|. */
export function errorOfJet(
  ours: { readonly values: Tensor; readonly gradient: TanhParams },
  golden: GoldenJet,
): number {
  const want = paramsOf(golden.gradient);
  return Math.max(
    farthest(ours.values, tensor(golden.values)),
    ...(["A", "b", "c", "d"] as const).map((name) => farthest(ours.gradient[name], want[name])),
  );
}

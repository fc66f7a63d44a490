import type { FlowNetwork } from "@pushforward/nn";
import { add, matmul, mul, type Tensor, type TensorLike, tensor, transpose, zerosLike } from "@pushforward/tensor";
import type { MakeNetwork } from "../../../src/index.ts";
import * as exact from "./diagonalGaussian.ts";

/** Parameters of a network in two coordinates, as plain numbers: of the deviation A·x + b·s + c·t + d. */
export interface Affine {
  readonly matrix: readonly (readonly number[])[];
  readonly start: readonly number[];
  readonly end: readonly number[];
  readonly offset: readonly number[];
}

/** The deviation zero. */
export const zero: Affine = {
  matrix: [
    [0, 0],
    [0, 0],
  ],
  start: [0, 0],
  end: [0, 0],
  offset: [0, 0],
};

/** A deviation without symmetries. */
export const skewed: Affine = {
  matrix: [
    [0.3, -0.2],
    [0.5, 0.1],
  ],
  start: [0.2, -0.4],
  end: [-0.1, 0.6],
  offset: [0.7, -0.5],
};

type Params = Readonly<Record<keyof Affine, Tensor>>;

/** The functions to which a network adds its affine deviation. */
export const bases = {
  /** u = A·x + b·s + c·t + d. */
  none: (x: Tensor): Tensor => zerosLike(x),
  /** u = U + A·x + b·s + c·t + d. */
  exact: exact.law.averageVelocity,
} as const;

/** Makes networks that are affine around a base and start at the given parameters. */
export const affineNetworks =
  (initial: Affine, base: keyof typeof bases): MakeNetwork<Params> =>
  (): FlowNetwork<Params> => ({
    init: (_key, { dtype = "float64" } = {}) =>
      Object.fromEntries(Object.entries(initial).map(([name, x]) => [name, tensor(x as number[], { dtype })])) as never,
    apply({ matrix, start, end, offset }, x, s: TensorLike = 0, t: TensorLike = s) {
      const affine = add(add(matmul(x, transpose(matrix)), mul(s, start)), add(mul(t, end), offset));
      return add(bases[base](x, s, t), affine);
    },
    lastLayer: ({ offset }) => offset,
    startingAs: (velocity) => velocity,
  });

const times = (matrix: Affine["matrix"], x: readonly number[]): number[] =>
  matrix.map((row) => row.reduce((sum, a, j) => sum + a * x[j], 0));

/** A·x + b·s + c·t + d. */
export const deviation = ({ matrix, start, end, offset }: Affine, x: readonly number[], s: number, t: number) =>
  times(matrix, x).map((each, i) => each + start[i] * s + end[i] * t + offset[i]);

/** The derivative of the deviation along (v, 1, 0): A·v + b. */
export const deviationDerivative = ({ matrix, start }: Affine, v: readonly number[]): number[] =>
  times(matrix, v).map((each, i) => each + start[i]);

/** u of a network. */
export const average = (params: Affine, base: keyof typeof bases, x: readonly number[], s: number, t: number) => {
  const from = base === "exact" ? exact.averageVelocity(x, s, t) : [0, 0];
  return deviation(params, x, s, t).map((each, i) => each + from[i]);
};

/** du/ds of a network along (v, 1, 0). */
export const averageDerivative = (
  params: Affine,
  base: keyof typeof bases,
  {
    x,
    v,
    s,
    t,
  }: { readonly x: readonly number[]; readonly v: readonly number[]; readonly s: number; readonly t: number },
) => {
  const from = base === "exact" ? exact.averageDerivative(x, v, s, t) : [0, 0];
  return deviationDerivative(params, v).map((each, i) => each + from[i]);
};

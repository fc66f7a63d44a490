import {
  add,
  DomainError,
  div,
  expandDims,
  matmul,
  mul,
  mustBe,
  ShapeError,
  squeeze,
  sub,
  type Tensor,
  type TensorLike,
  transpose,
} from "@pushforward/tensor";
import { checkCall, checkMatrix } from "../callChecks.ts";
import { expm } from "../expm.ts";
import { constant, type ExactFlow } from "../flow.ts";

/**
 * All data in one point a.
 *
 *   v(x, t) = (a − x)/(1 − t),   Φ(x, s, t) = a + (1 − t)/(1 − s)·(x − a),   u(x, s, t) = (a − x)/(1 − s),   t, s < 1
 */
export function pointMass(point: readonly number[]): ExactFlow {
  mustBe("pointMass", "the point", point, "list");
  const dim = point.length;
  if (dim === 0) throw new ShapeError("pointMass: the point must have at least one coordinate, got none");
  const bad = point.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0) throw new DomainError(`pointMass: the point must be finite, got ${point[bad]} at coordinate ${bad}`);
  const a = constant(point, [dim]);
  const pull = (x: Tensor, s: TensorLike): Tensor => div(sub(a(x), x), sub(1, s));
  const check = (operation: string, x: Tensor, times: Readonly<Record<string, TensorLike>>): void =>
    checkCall(`pointMass.${operation}`, x, times, dim);
  return {
    dim,
    velocity: (x, t) => {
      check("velocity", x, { t });
      return pull(x, t);
    },
    averageVelocity: (x, s, t) => {
      check("averageVelocity", x, { s, t });
      return pull(x, s);
    },
    flowMap: (x, s, t) => {
      check("flowMap", x, { s, t });
      return sub(a(x), mul(sub(1, t), pull(x, s)));
    },
  };
}

/**
 * The linear ODE dx/dt = A·x: not the path of a diffusion, but an oracle with rotation and growth.
 *
 *   Φ(x, s, t) = e^{(t − s)A}·x,   u(x, s, t) = φ((t − s)A)·A·x,   φ(M) = (e^M − I)/M = Σ Mᵏ/(k + 1)!
 *
 * If times cannot be read (while tracing or batching), |t − s| ≤ 1 is assumed for the accuracy of the exponential.
 *
 * @param matrix A, [dim][dim]
 * @throws ShapeError unless A is square, DomainError unless its entries are finite
 */
export function linearOde(matrix: readonly (readonly number[])[]): ExactFlow {
  checkMatrix("linearOde", "the matrix", matrix);
  const dim = matrix.length;
  checkSquare(matrix);
  const a = constant(matrix.flat(), [dim, dim]);
  const double = [2 * dim, 2 * dim] as const;
  const padded = constant(
    blocks(dim, (i, j) => (j < dim ? matrix[i][j] : 0)),
    double,
  );
  const corner = constant(
    blocks(dim, (i, j) => Number(j === i + dim)),
    double,
  );
  const normBound = matrix.reduce((bound, _, j) => Math.max(bound, columnSum(matrix, j)), 0);
  const apply = (x: Tensor, m: Tensor): Tensor =>
    m.rank === 2 ? matmul(x, transpose(m)) : squeeze(matmul(m, expandDims(x, -1)), -1);
  const check = (operation: string, x: Tensor, times: Readonly<Record<string, TensorLike>>): void =>
    checkCall(`linearOde.${operation}`, x, times, dim);
  return {
    dim,
    velocity: (x, t) => {
      check("velocity", x, { t });
      return apply(x, a(x));
    },
    flowMap: (x, s, t) => {
      check("flowMap", x, { s, t });
      return apply(x, expm(mul(perMatrix(sub(t, s)), a(x)), { normBound }));
    },
    // the exponential of [[M, I], [0, 0]] is [[e^M, φ(M)], [0, I]]: no division by t − s
    averageVelocity: (x, s, t) => {
      check("averageVelocity", x, { s, t });
      const both = add(mul(perMatrix(sub(t, s)), padded(x)), corner(x));
      const phi = expm(both, { normBound: normBound + 1 });
      const leading = new Array<null>(phi.rank - 2).fill(null);
      return apply(apply(x, a(x)), phi.slice(...leading, [0, dim], [dim, 2 * dim]));
    },
  };
}

/** A time as a factor of matrices: scalar, or [batch, 1] → [batch, 1, 1]. */
const perMatrix = (time: Tensor): Tensor => (time.rank === 0 ? time : expandDims(time, -1));

/** The upper half of a [2·dim, 2·dim] matrix by its entries, zeros below, row-major. */
const blocks = (dim: number, entry: (i: number, j: number) => number): number[] =>
  Array.from({ length: 4 * dim * dim }, (_, place) => {
    const i = Math.floor(place / (2 * dim));
    return i < dim ? entry(i, place % (2 * dim)) : 0;
  });

const columnSum = (matrix: readonly (readonly number[])[], j: number): number =>
  matrix.reduce((sum, row) => sum + Math.abs(row[j]), 0);

function checkSquare(matrix: readonly (readonly number[])[]): void {
  const dim = matrix.length;
  const bad = matrix.findIndex((row) => row.length !== dim);
  if (dim === 0 || bad >= 0) {
    throw new ShapeError(
      `linearOde: the matrix must be square, got ${dim} rows${bad >= 0 ? ` and ${matrix[bad].length} entries in row ${bad}` : ""}`,
    );
  }
  if (!matrix.every((row) => row.every(Number.isFinite))) throw new DomainError("linearOde: entries must be finite");
}

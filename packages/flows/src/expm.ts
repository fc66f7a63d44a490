import { add, DomainError, eye, matmul, mul, mustBe, optionsOf, ShapeError, type Tensor } from "@pushforward/tensor";

/** Settings of expm. */
export interface ExpmOptions {
  /** A bound on the 1-norm of the matrices, for matrices whose values cannot be read; default 1. */
  readonly normBound?: number;
}

/** Terms of the Taylor series: with norms up to ½ the rest is below ½¹⁵/15! ≈ 2·10⁻¹⁷. */
const degree = 14;

/**
 * Exponential of square matrices by scaling and squaring of the Taylor series, in tensor operations.
 *
 *   e^M = (e^{M/2^k})^{2^k},   k so that ‖M‖₁/2^k ≤ ½
 *
 * @param m [...batch, dim, dim]
 * @throws ShapeError unless the matrices are square, DomainError for entries that are not finite
 * @source Moler and Van Loan 2003, Nineteen Dubious Ways to Compute the Exponential of a Matrix, method 3
 */
export function expm(m: Tensor, options: ExpmOptions = {}): Tensor {
  const { normBound = 1 } = optionsOf("expm", options);
  mustBe("expm", "m", m, "tensor");
  mustBe("expm", "normBound", normBound, "number");
  const dim = m.shape[m.rank - 1];
  if (m.rank < 2 || m.shape[m.rank - 2] !== dim) {
    throw new ShapeError(`expm: matrices must be square, [..., dim, dim], got [${m.shape.join(", ")}]`);
  }
  if (!(normBound >= 0 && Number.isFinite(normBound))) {
    throw new DomainError(`expm: normBound must be finite and ≥ 0, got ${normBound}`);
  }
  const norm = m.readable ? Math.max(normBound, largestNorm(m)) : normBound;
  const squarings = Math.max(0, Math.ceil(Math.log2(norm)) + 1);
  const scaled = mul(m, 2 ** -squarings);
  const identity = eye(dim, dim, { dtype: m.dtype });
  // Horner's rule: I + M/1·(I + M/2·(I + …))
  let result: Tensor = identity;
  for (let k = degree; k >= 1; k--) result = add(identity, matmul(mul(scaled, 1 / k), result));
  for (let k = 0; k < squarings; k++) result = matmul(result, result);
  return result;
}

/** The largest 1-norm (column sum) in a batch of matrices. */
function largestNorm(m: Tensor): number {
  const { buffer } = m.concrete("expm");
  const dim = m.shape[m.rank - 1];
  const sums = new Float64Array(dim === 0 ? 0 : buffer.length / dim);
  buffer.forEach((entry, i) => {
    sums[Math.floor(i / (dim * dim)) * dim + (i % dim)] += Math.abs(entry);
  });
  const norm = sums.reduce((largest, each) => (each > largest || Number.isNaN(each) ? each : largest), 0);
  if (!Number.isFinite(norm)) throw new DomainError(`expm: entries must be finite, got a column sum of ${norm}`);
  return norm;
}

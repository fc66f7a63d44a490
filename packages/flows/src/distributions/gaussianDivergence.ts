import {
  add,
  asTensor,
  expandDims,
  log,
  mul,
  reciprocal,
  ShapeError,
  square,
  sub,
  sum,
  type Tensor,
  type TensorLike,
} from "@pushforward/tensor";
import { checkColumn } from "../callChecks.ts";
import { constant } from "../flow.ts";
import { checkGaussian, type Gaussian } from "./gaussian.ts";
import { marginalVariance, velocityGain } from "./gaussianPath.ts";

/**
 * KL(p ‖ q) = ½·[ln(det S_q/det S_p) + tr(S_q⁻¹S_p) + (m_p − m_q)ᵀS_q⁻¹(m_p − m_q) − dim], nats.
 *
 * @throws ShapeError if the dimensions differ
 */
export const klDivergence = (p: Gaussian, q: Gaussian): number => divergenceAt("klDivergence", p, q, 1).item();

/**
 * KL_t = KL(ρ^p_t ‖ ρ^q_t): the divergence of both paths at time t, differentiable in t.
 *
 * @param t scalar or [batch, 1]
 * @returns nats, scalar or [batch]
 */
export const pathKl = (p: Gaussian, q: Gaussian, t: TensorLike): Tensor => divergenceAt("pathKl", p, q, t);

function divergenceAt(operation: string, p: Gaussian, q: Gaussian, t: TensorLike): Tensor {
  const { time, overlap, shift, mine, theirs } = pairAt(operation, p, q, t);
  const trace = sumPairs(mul(overlap, mul(column(reciprocal(theirs)), row(mine))));
  const distance = sum(mul(square(mul(time, shift)), reciprocal(theirs)), -1);
  const logRatio = sub(sum(log(theirs), -1), sum(log(mine), -1));
  return mul(0.5, add(logRatio, sub(add(trace, distance), p.dim)));
}

/**
 * V_t = E_{x ~ ρ^p_t} ‖v^p_t(x) − v^q_t(x)‖², scalar or [batch].
 *
 *   ‖c‖² + tr(M S_p Mᵀ),   M = K_p − K_q,   c = (I − t·K_q)(m_p − m_q)
 */
export function velocityGap(p: Gaussian, q: Gaussian, t: TensorLike): Tensor {
  const { time, overlap, shift, mine, gains } = pairAt("velocityGap", p, q, t);
  // in the two eigenbases tr(M S_p Mᵀ) is a sum of squares, so nothing cancels if p and q are close
  const gap = sub(row(gains.mine), column(gains.theirs));
  const spread = sumPairs(mul(mul(overlap, row(mine)), square(gap)));
  const bias = mul(shift, sub(1, mul(time, gains.theirs)));
  return add(sum(square(bias), -1), spread);
}

/** F_t = E_{x ~ ρ^p_t} ‖s^p_t(x) − s^q_t(x)‖², the Fisher divergence of both paths at time t, scalar or [batch]. */
export function scoreGap(p: Gaussian, q: Gaussian, t: TensorLike): Tensor {
  const { time, overlap, shift, mine, theirs } = pairAt("scoreGap", p, q, t);
  const gap = sub(row(reciprocal(mine)), column(reciprocal(theirs)));
  const spread = sumPairs(mul(mul(overlap, row(mine)), square(gap)));
  return add(sum(square(mul(mul(time, shift), reciprocal(theirs))), -1), spread);
}

/** Both marginals at time t, each in its own eigenbasis. */
function pairAt(operation: string, p: Gaussian, q: Gaussian, t: TensorLike) {
  checkGaussian(operation, "p", p);
  checkGaussian(operation, "q", q);
  if (p.dim !== q.dim)
    throw new ShapeError(`${operation}: both Gaussians must have the same dimension, got ${p.dim} and ${q.dim}`);
  checkColumn(operation, t);
  const time = asTensor(t);
  const [variancesOfP, variancesOfQ] = [constant(p.variances, [p.dim])(time), constant(q.variances, [p.dim])(time)];
  const turned = eigenOverlap(p, q);
  return {
    time,
    /** (Q_qᵀQ_p)², row i for q's i-th eigenvector, column j for p's j-th */
    overlap: constant(
      turned.map((x) => x * x),
      [p.dim, p.dim],
    )(time),
    /** Q_qᵀ(m_p − m_q) */
    shift: constant(shiftIn(p, q), [p.dim])(time),
    mine: marginalVariance(variancesOfP, time),
    theirs: marginalVariance(variancesOfQ, time),
    gains: { mine: velocityGain(variancesOfP, time), theirs: velocityGain(variancesOfQ, time) },
  };
}

const vectorEntry = ({ vectors, dim }: Gaussian, i: number, k: number): number =>
  vectors ? vectors[i * dim + k] : Number(i === k);

/** Q_qᵀQ_p, row-major. */
function eigenOverlap(p: Gaussian, q: Gaussian): Float64Array {
  const n = p.dim;
  return Float64Array.from({ length: n * n }, (_, place) => {
    const [i, j] = [Math.floor(place / n), place % n];
    let total = 0;
    for (let k = 0; k < n; k++) total += vectorEntry(q, k, i) * vectorEntry(p, k, j);
    return total;
  });
}

/** Q_qᵀ(m_p − m_q). */
const shiftIn = (p: Gaussian, q: Gaussian): Float64Array =>
  Float64Array.from({ length: p.dim }, (_, i) =>
    p.mean.reduce((total, m, k) => total + vectorEntry(q, k, i) * (m - q.mean[k]), 0),
  );

const column = (x: Tensor): Tensor => expandDims(x, -1);
const row = (x: Tensor): Tensor => expandDims(x, -2);
const sumPairs = (x: Tensor): Tensor => sum(x, [-2, -1]);

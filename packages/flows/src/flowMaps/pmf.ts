import { DomainError, div, maximum, optionsOf, quote, sub } from "@pushforward/tensor";
import { checkCall, checkedFunction } from "../callChecks.ts";
import { type AverageVelocity, asTime, type TimePairField } from "../flow.ts";

/** Settings of the form of pMF. */
export interface PmfOptions {
  /** Least divisor; default 0.05. */
  readonly clip?: number;
}

/** @source Lu et al. 2026 (pixel MeanFlow), official code */
const usualClip = 0.05;

/**
 * The average velocity of pMF's form, from a prediction of the data. The divisor stays away from 0, so that errors of the prediction near the data
 * are not magnified without bound.
 *
 *   u(x, s, t) = (D(x, s, t) − x)/max(1 − s, clip)
 *
 * Below 1 − clip it is CTM's form. Of the exact map D is Φ(x, s, 1) at t = 1 and the denoiser at t = s.
 *
 * @param prediction D, a prediction of the data
 * @source Lu et al. 2026 (pixel MeanFlow), arXiv 2601.22158
 * @throws DomainError for a clip that is not positive
 */
export function pmfVelocity(prediction: AverageVelocity, options: PmfOptions = {}): TimePairField {
  const predicted = checkedFunction("pmfVelocity", "the prediction", prediction);
  const clip = clipOf("pmfVelocity", options);
  return (x, s, t) => {
    checkCall("pmfVelocity", x, { s, t });
    const [start, end] = [asTime(s, x), asTime(t, x)];
    return div(sub(predicted(x, start, end), x), maximum(sub(1, start), clip));
  };
}

/**
 * The prediction of the data of pMF's form for a known average velocity: the inverse of `pmfVelocity`, at every time.
 *
 *   D(x, s, t) = x + max(1 − s, clip)·u(x, s, t)
 *
 * @throws DomainError for a clip that is not positive
 */
export function pmfPrediction(u: AverageVelocity, options: PmfOptions = {}): TimePairField {
  const average = checkedFunction("pmfPrediction", "u", u);
  const clip = clipOf("pmfPrediction", options);
  return (x, s, t) => {
    checkCall("pmfPrediction", x, { s, t });
    const [start, end] = [asTime(s, x), asTime(t, x)];
    return maximum(sub(1, start), clip)
      .mul(average(x, start, end))
      .add(x);
  };
}

function clipOf(operation: string, options: PmfOptions): number {
  const { clip = usualClip } = optionsOf(operation, options);
  if (clip > 0 && clip < Number.POSITIVE_INFINITY) return clip;
  throw new DomainError(`${operation}: clip must be positive and finite, got ${quote(clip)}`);
}

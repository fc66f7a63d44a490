import { div, sub } from "@pushforward/tensor";
import { checkCall, checkedFunction } from "../callChecks.ts";
import { type AverageVelocity, asTime, type TimePairField } from "../flow.ts";
import { firstOrderFlowMap } from "./firstOrder.ts";

/**
 * The average velocity of CTM's form, from a prediction g of the data.
 *
 *   u(x, s, t) = (g(x, s, t) − x)/(1 − s),   s < 1
 *
 * @param g data prediction; g(x, s, s) is the denoiser
 */
export const ctmVelocity = (g: AverageVelocity): TimePairField => {
  const predicted = checkedFunction("ctmVelocity", "g", g);
  return (x, s, t) => {
    checkCall("ctmVelocity", x, { s, t });
    const [start, end] = [asTime(s, x), asTime(t, x)];
    return div(sub(predicted(x, start, end), x), sub(1, start));
  };
};

/**
 * CTM's flow map: a weighted mean of x and the predicted data.
 *
 *   Φ(x, s, t) = (1 − t)/(1 − s)·x + (t − s)/(1 − s)·g(x, s, t) = x + (t − s)·(g − x)/(1 − s)
 *
 * @source Kim et al. 2023, arXiv 2310.02279, equation 9, with σ = (1 − t)/t
 */
export const ctmFlowMap = (g: AverageVelocity): TimePairField => firstOrderFlowMap(ctmVelocity(g));

import { stopGradient } from "@pushforward/autodiff";
import { rsqrt, sub, type Tensor, tan } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";
import { directionGap } from "./directionGap.ts";
import { meanSquare } from "./meanSquare.ts";
import { perSample } from "./perSample.ts";

/** σ_d of the weight of time. @source official code, configs/c2i: sigma_d 1 */
const sigmaData = 1;

/**
 * Transition models: MeanFlow with a central difference along the path in place of the derivative, so that no jvp is needed.
 *
 *   L = e / ( √(σ_d + tan(1 − s) − tan(1 − t)) · sg[ e + c ] ),     e = 1/D · ‖ U − sg[ y ] ‖² + 1 − cos(U, sg[ y ]),
 *   y = v + (t − s)·(U(X_s + δv, s + δ, t) − U(X_s − δv, s − δ, t))/(2δ),     v = X_1 − X_0,  σ_d = 1,  c = 10⁻⁵
 *
 * The difference misses the derivative by O(δ²). On the diagonal t = s this is flow matching with the weight 1. The paper's time runs from data to
 * noise.
 *
 * @source Wang et al. 2025, official code, tim/schedulers/transition.py: TransitionSchedule, with the configurations configs/c2i
 */
export const transition = defineLoss({
  name: "transition",
  label: "Transition model (TiM)",
  family: "backward",
  learns: "averageVelocity",
  needs: ["delta"],
  stops: ["target", "weight"],
  optimum: "biased",
  conditionalVelocity: "unused",
  times: "sorted",
  timeLaw: { kind: "logitNormalPair", mean: 0.4, std: 1, delta: 0.005 },
  tangent: null,
  formula: String.raw`w\, \sg{weight}{\tfrac{1}{e + c}} \left( \tfrac{1}{D} \left\lVert U(X_s, s, t) - \sg{target}{y} \right\rVert^2 + 1 - \cos(U(X_s, s, t), y) \right),\ w = \tfrac{1}{\sqrt{\sigma_d + \tan(1 - s) - \tan(1 - t)}},\ y = v + \tfrac{t - s}{2 \delta} \left( U(X_s + \delta v, s + \delta, t) - U(X_s - \delta v, s - \delta, t) \right),\ v = X_1 - X_0`,
  paper: { cite: "Wang et al. 2025", arxiv: "2509.04394" },
  grade: "A",
  departs: [
    "The code also aligns features of its transformer with those of a pretrained encoder; here there is no such part.",
    "The cosine is that of all coordinates of a sample; the code takes the mean over the pixels of a latent picture, each with the cosine of its channels.",
    "The square root of the weight is that of the configurations, weight_time_type sqrt; without the root the code has the type reciprocal.",
  ],

  loss({ u, noise, data, xs, s, t, delta }) {
    const v = data.sub(noise);
    const at = (step: Tensor): Tensor => u(xs.add(step.mul(v)), s.add(step), t);
    const slope = at(delta)
      .sub(at(delta.mul(-1)))
      .div(delta.mul(2));
    const target = stopGradient(v.add(t.sub(s).mul(slope)), "target");
    const U = u(xs, s, t);
    const error = meanSquare(U.sub(target)).add(directionGap(U, target));
    const [start, end] = [s, t].map((time) => tan(sub(1, time)));
    const weight = stopGradient(error.add(1e-5).pow(-1), "weight");
    return error.mul(weight).mul(perSample(rsqrt(start.sub(end).add(sigmaData)), xs));
  },
});

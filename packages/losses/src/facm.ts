import { jvp, stopGradient } from "@pushforward/autodiff";
import { clip, cos, onesLike, rsqrt, sqrt, zerosLike } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";
import { directionGap } from "./directionGap.ts";
import { meanSquare } from "./meanSquare.ts";
import { perSample } from "./perSample.ts";

/**
 * Flow-anchored consistency: a relaxed, clipped consistency in continuous time, and flow matching as its anchor.
 *
 *   L = cos(πs/2) · e / sg[√(e + c)]  +  1/D · ‖ U(X_s, s, s) − v ‖²  +  1 − cos(U(X_s, s, s), v),
 *   e = 1/D · ‖ U − sg[ U − (1 − √s)·clip(g, ±1) ] ‖²,     g = U − v − (1 − s)·d/ds U,     U = U(X_s, s, 1),  c = 0.001
 *
 * g is MeanFlow's residual at t = 1. The clip applies to every coordinate. The time of the code runs from noise to data, as here.
 *
 * @source Peng et al. 2025, official code, losses.py: FACMLoss, with p = 0.5
 */
export const facm = defineLoss({
  name: "facm",
  label: "FACM",
  family: "backward",
  learns: "averageVelocity",
  needs: [],
  stops: ["target", "weight"],
  optimum: "zero",
  conditionalVelocity: "biased",
  times: "any",
  timeLaw: { kind: "fixedEnd", start: { kind: "arctan", mean: 0.8, std: 1.6 } },
  tangent: "(v, 1, 0) in (x, s, t) at t = 1, stopped",
  along: true,
  formula: String.raw`\tfrac{1}{D} \cos(\tfrac{\pi}{2} s)\, \sg{weight}{\tfrac{1}{\sqrt{e + c}}} \left\lVert U(X_s, s, 1) - \sg{target}{U(X_s, s, 1) - (1 - \sqrt{s}) \operatorname{clip}(g)} \right\rVert^2 + \tfrac{1}{D} \left\lVert U(X_s, s, s) - v \right\rVert^2 + 1 - \cos(U(X_s, s, s), v),\ g = U(X_s, s, 1) - v - (1 - s) \tfrac{d}{ds} U(X_s, s, 1)`,
  paper: { cite: "Peng et al. 2025", arxiv: "2507.03738" },
  grade: "A",
  departs: [
    "The code distils a teacher with guidance 1.75; here v is that of the recipe, and the teacher has its own guidance.",
    "The cosine is that of all coordinates of a sample; the code takes the mean over the pixels of a latent picture, each with the cosine of its channels.",
    "For a network of one time the code takes the time 2 − s for the anchor; here the network has two times, as in the code's other variant.",
  ],

  loss({ u, xs, v, along = v, s }) {
    const end = onesLike(s);
    const [U, dU] = jvp(u, [xs, s, end], [along, onesLike(s), zerosLike(end)]);
    const residual = U.sub(v).sub(end.sub(s).mul(dU));
    const relaxed = end.sub(sqrt(s)).mul(clip(residual, -1, 1));
    const error = meanSquare(U.sub(stopGradient(U.sub(relaxed), "target")));
    const weight = stopGradient(rsqrt(error.add(0.001)), "weight");
    const consistency = error.mul(weight).mul(perSample(cos(s.mul(Math.PI / 2)), xs));
    const diagonal = u(xs, s, s);
    return consistency.add(meanSquare(diagonal.sub(v))).add(directionGap(diagonal, v));
  },
});

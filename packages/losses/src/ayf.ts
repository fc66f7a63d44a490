import { jvp, stopGradient } from "@pushforward/autodiff";
import { onesLike, squaredNorm, zerosLike } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";
import { normalizedTangent } from "./weights.ts";

const shared = {
  needs: ["teacher"],
  stops: ["target"],
  conditionalVelocity: "unused",
  // @source a re-implementation that cites the paper's appendix; the assignment of its two laws to image sizes is unconfirmed
  timeLaw: { kind: "intervalLogitNormal", mean: -0.8, std: 1 },
  paper: { cite: "Sabour et al. 2025", arxiv: "2506.14603" },
  grade: "B",
  departs: [
    "No adversarial stage. Autoguidance is a teacher that combines two networks.",
    "The law of times is one of two laws in a re-implementation; which data set has which law is unconfirmed.",
  ],
} as const;

/**
 * Align Your Flow, Eulerian: the backward loss with a stopped target and a tangent of bounded length.
 *
 *   L = ‖ U(X_s, s, t) − sg[ U(X_s, s, t) + Δ/(‖Δ‖ + c) ] ‖²,     Δ = v_s(X_s) − U + w·(t − s)·d/ds U,  c = 0.1
 *
 * The warm-up w grows to 0.99 and not to 1. The remainder pulls U towards v, which prefers straight paths, so the optimum is
 * biased. At w = 1 the optimum is exact. The paper's time runs from data to noise. The value stays near 1 until U is almost
 * exact.
 *
 * A student that begins as the teacher (`--init teacher`) takes over the teacher's features of time, up to 16 radians per unit of time,
 * because the same weights of other features are another function. In 1,500 steps on eight Gaussians its one-step error was 0.29 to 0.31,
 * instead of 0.19 to 0.20 from velocity 0 with the usual 2 radians. The features are the cause and not the start: from velocity 0 with 16
 * radians the error was 0.28 to 0.34, and from a teacher that has 2 radians itself 0.15 to 0.18.
 */
export const ayfEmd = defineLoss({
  ...shared,
  name: "ayfEmd",
  label: "Align Your Flow, Eulerian (AYF-EMD)",
  family: "backward",
  learns: "averageVelocity",
  needs: ["teacher", "warmup"],
  optimum: "biased",
  times: "sorted",
  tangent: "(v, 1, 0) in (x, s, t), stopped",
  along: true,
  departs: [
    ...shared.departs,
    "The network U is compared, as in the paper's algorithm. Re-implementations disagree: one of them compares the map Φ, whose gradient was 4.2 times as long at a cosine of 0.976.",
  ],
  formula: String.raw`\left\lVert U - \sg{target}{U + \tfrac{\Delta}{\lVert \Delta \rVert + c}} \right\rVert^2,\ \Delta = v_s(X_s) - U + w\,(t - s) \tfrac{d}{ds} U`,

  loss({ u, teacher, xs, s, t, warmup, along }) {
    const v = teacher(xs, s);
    const [U, dU] = jvp(u, [xs, s, t], [along ?? v, onesLike(s), zerosLike(t)]);
    const tangent = v.sub(U).add(warmup.mul(t.sub(s)).mul(dU));
    const target = stopGradient(U.add(normalizedTangent(tangent)), "target");
    return squaredNorm(U.sub(target));
  },
});

/**
 * Align Your Flow, Lagrangian: the limit of the global forward (solver) loss for a short step. The error of the velocity at the
 * end point moves the end point.
 *
 *   L = ‖ Φ(X_s, s, t) − sg[ Φ − (∂ₜΦ − v_t(Φ)) ] ‖²
 *
 * The value is that of the local forward loss; the gradient passes through Φ alone.
 */
export const ayfLmd = defineLoss({
  ...shared,
  name: "ayfLmd",
  label: "Align Your Flow, Lagrangian (AYF-LMD)",
  family: "forward",
  learns: "flowMap",
  optimum: "zero",
  times: "any",
  tangent: "(0, 0, 1) in (x, s, t), stopped",
  formula: String.raw`\left\lVert \Phi - \sg{target}{\Phi - \left(\partial_t \Phi - v_t(\Phi)\right)} \right\rVert^2,\ \Phi = \Phi(X_s, s, t)`,

  loss({ phi, teacher, xs, s, t }) {
    const [P, dP] = jvp((end: typeof t) => phi(xs, s, end), [t], [onesLike(t)]);
    const target = stopGradient(P.sub(dP.sub(teacher(P, t))), "target");
    return squaredNorm(P.sub(target));
  },
});

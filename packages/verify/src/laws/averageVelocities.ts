import { add, mul, sub, type Tensor } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps, worstOf } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { gaussLegendre } from "../quadrature.ts";
import { randomFlow } from "../randomFlow.ts";

const rule = gaussLegendre(40);

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const { flow, points } = randomFlow(draws);
  const [s, t] = [draws.uniforms([n, 1]), draws.uniforms([n, 1])];
  const x = points(s);
  const { velocity, flowMap } = flow;
  const u = isBroken ? (y: Tensor, start: Tensor): Tensor => velocity(y, start) : flow.averageVelocity;
  const average = u(x, s, t);
  const mean = rule.nodes
    .map((node, i) => {
      const r = add(s, mul(node, sub(t, s)));
      return mul(rule.weights[i], velocity(flowMap(x, s, r), r));
    })
    .reduce((total, each) => add(total, each));
  return worstOf(
    rowGaps(u(x, s, s), velocity(x, s)),
    rowGaps(add(x, mul(sub(t, s), average)), flowMap(x, s, t)),
    rowGaps(average, mean),
  );
}

/** The average velocity is the mean of the velocity along the path; at s = t it is the velocity. */
export const averageVelocities = defineLaw({
  name: "averageVelocities",
  title: "Average velocity and its diagonal",
  statement:
    "Exact average velocities are means of the velocity along the path, carry x to the end, and are the velocity at s = t.",
  formula: String.raw`U(x,s,t) = \frac{\Phi_{s\to t}(x) - x}{t-s} = \frac1{t-s}\int_s^t v_\tau\bigl(\Phi_{s\to\tau}(x)\bigr) d\tau,\qquad U(x,s,s) = v_s(x)`,
  bound: 1e-9,
  broken: "the average is the velocity at the start, as in an Euler step",
  ...rowByRow(instances, 4),
});

import {
  ctmFlowMap,
  ctmVelocity,
  type FlowMap,
  firstOrderFlowMap,
  flowMapLaws,
  secondOrderFlowMap,
  secondOrderVelocity,
} from "@pushforward/flows";
import { add, div, mul, sub } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps, worstOf } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { rowAverageVelocity, rowParameters, rowVelocity } from "../rowNetwork.ts";

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const dim = draws.integer(1, 3);
  const net = rowAverageVelocity(rowParameters(draws, n, { inputs: dim + 2, outputs: dim }));
  const v = rowVelocity(rowParameters(draws, n, { inputs: dim + 1, outputs: dim }));
  const x = draws.normal([n, dim]);
  const [s, t] = [draws.uniforms([n, 1], 0, 0.9), draws.uniforms([n, 1])];
  const cases = { x, s, r: s, t };
  const [first, ctm]: FlowMap[] = [firstOrderFlowMap(net), ctmFlowMap(net)];
  const second: FlowMap = isBroken ? first : secondOrderFlowMap(v, net);
  const identities = [first, second, ctm].map((map) => rowGaps(...flowMapLaws.identity.sides(map, cases, v)));
  const step = sub(t, s);
  // Φ = (1 − t)/(1 − s)·x + (t − s)/(1 − s)·g
  const mixed = div(add(mul(sub(1, t), x), mul(step, net(x, s, t))), sub(1, s));
  return worstOf(
    ...identities,
    rowGaps(...flowMapLaws.tangent.sides(second, cases, v)),
    rowGaps(ctm(x, s, t), mixed),
    rowGaps(add(x, mul(step, ctmVelocity(net)(x, s, t))), mixed),
    rowGaps(second(x, s, t), add(x, mul(step, add(v(x, s), mul(step, net(x, s, t)))))),
    rowGaps(add(x, mul(step, secondOrderVelocity(v, net)(x, s, t))), secondOrderFlowMap(v, net)(x, s, t)),
  );
}

/** Boundary conditions that parameterizations satisfy for every network. */
export const boundaryForms = defineLaw({
  name: "boundaryForms",
  title: "Boundary conditions by construction",
  statement:
    "For random networks the first-order, second-order and CTM forms are the identity at s = t, and the second-order form has the given velocity at s = t.",
  formula: String.raw`x + (t-s)N,\qquad x + (t-s)v_s(x) + (t-s)^2N,\qquad \tfrac{1-t}{1-s}x + \tfrac{t-s}{1-s}g`,
  bound: 1e-12,
  broken: "the first-order form replaces the second-order form, so its diagonal is not the velocity",
  weight: 0.5,
  ...rowByRow(instances, 16),
});

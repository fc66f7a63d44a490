import { type FlowMap, firstOrderFlowMap, flowMapLaws } from "@pushforward/flows";
import type { Draws } from "../draws.ts";
import { rowGaps, worstOf } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { randomFlow } from "../randomFlow.ts";
import { rowAverageVelocity, rowParameters } from "../rowNetwork.ts";

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const { flow, points } = randomFlow(draws);
  const [s, r, t] = Array.from({ length: 3 }, () => draws.uniforms([n, 1]));
  const cases = { x: points(s), s, r, t };
  const { dim } = flow;
  const map: FlowMap = isBroken
    ? firstOrderFlowMap(rowAverageVelocity(rowParameters(draws, n, { inputs: dim + 2, outputs: dim })))
    : flow.flowMap;
  const axioms = [flowMapLaws.identity, flowMapLaws.semigroup, flowMapLaws.inverse];
  return worstOf(...axioms.map(({ sides }) => rowGaps(...sides(map, cases, flow.velocity))));
}

/** The exact maps are flows. */
export const flowMapAxioms = defineLaw({
  name: "flowMapAxioms",
  title: "Axioms of a flow map",
  statement: "The Gaussian, linear and quantile flow maps satisfy identity, semigroup and inverse.",
  formula: String.raw`\Phi_{s\to s} = \mathrm{id},\qquad \Phi_{r\to t}\circ\Phi_{s\to r} = \Phi_{s\to t},\qquad \Phi_{t\to s}\circ\Phi_{s\to t} = \mathrm{id}`,
  bound: 1e-9,
  broken: "the maps are generic networks x + (t − s)·u",
  weight: 2,
  ...rowByRow(instances, 4),
});

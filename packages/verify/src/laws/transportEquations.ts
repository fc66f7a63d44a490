import { richardson } from "@pushforward/autodiff";
import { flowMapLaws, type VelocityField } from "@pushforward/flows";
import { backwardResidual, forwardResidual } from "@pushforward/losses";
import { add, fromData, mul, type Tensor, zerosLike } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps, worstOf } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { randomFlow } from "../randomFlow.ts";

/** d/dh f(h) at 0 by extrapolated differences, in the shape of f. */
function slopeOf(f: (h: number) => Tensor): Tensor {
  const { shape } = f(0);
  return fromData(richardson((h) => Float64Array.from(f(h).dataSync()), 0.05).value, shape);
}

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const { flow, points } = randomFlow(draws);
  const [s, t] = [draws.uniforms([n, 1]), draws.uniforms([n, 1])];
  const x = points(s);
  const map = flow.flowMap;
  const v: VelocityField = isBroken ? (y, time) => mul(0.9, flow.velocity(y, time)) : flow.velocity;
  const end = v(map(x, s, t), t);
  const start = v(x, s);
  const zero = zerosLike(x);
  return worstOf(
    rowGaps(...flowMapLaws.tangent.sides(map, { x, s, r: s, t }, v)),
    rowGaps(forwardResidual(map, v, x, s, t), zero),
    rowGaps(backwardResidual(map, start, x, s, t), zero),
    // also by differences, because the quantile map defines its derivatives by these equations
    rowGaps(
      slopeOf((h) => map(x, s, add(t, h))),
      end,
    ),
    rowGaps(
      slopeOf((h) => map(add(x, mul(h, start)), add(s, h), t)),
      zero,
    ),
  );
}

/** The end of an exact map moves with the velocity, and does not move when the start moves with the velocity. */
export const transportEquations = defineLaw({
  name: "transportEquations",
  title: "Lagrangian and Eulerian equation",
  statement:
    "Exact maps have their velocity at s = t, move with it at their end and do not change when their start moves along it, by jvp and by differences.",
  formula: String.raw`\partial_t\Phi_{s\to t}\big\vert_{t=s} = v_s,\qquad \partial_t\Phi_{s\to t}(x) = v_t(\Phi_{s\to t}(x)),\qquad \partial_s\Phi_{s\to t}(x) + \nabla\Phi_{s\to t}(x) v_s(x) = 0`,
  bound: 1e-9,
  broken: "the velocity is ten per cent too slow",
  weight: 2,
  ...rowByRow(instances, 4),
});

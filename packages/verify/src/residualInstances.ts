import {
  type AverageVelocity,
  type FlowMap,
  firstOrderFlowMap,
  invertibleFlowMap,
  invertibleVelocity,
  type VelocityField,
} from "@pushforward/flows";
import { DomainError, mustBe, mustBeOneOf, type Tensor, where } from "@pushforward/tensor";
import type { Draws } from "./draws.ts";
import { rowAverageVelocity, rowBijection, rowParameters, rowVelocity } from "./rowNetwork.ts";

/** Kind of a random map: exactly invertible, or a network x + (t − s)·u that is not. */
export type ResidualMap = "invertible" | "network";

/** Kinds of random maps. */
const maps = ["invertible", "network"] as const satisfies readonly ResidualMap[];

/** @throws DomainError about an unknown kind of map */
export function checkMapKind(operation: string, map: ResidualMap): void {
  if (!maps.includes(map)) throw new DomainError(`${operation}: the map ${mustBeOneOf(map, maps)}`);
}

/** n random instances of the identity of the residuals, one per row. */
export interface ResidualInstances {
  readonly phi: FlowMap;
  /** A velocity that has nothing to do with the map. */
  readonly v: VelocityField;
  /** The map's own velocity ∂ₜΦ at t = s. */
  readonly own: VelocityField;
  /** [n, dim] */
  readonly x: Tensor;
  /** [n, 1] */
  readonly s: Tensor;
  /** [n, 1], at least 0.1 away from s in either direction: at t = s every map is invertible. */
  readonly t: Tensor;
}

/** Settings of {@link residualInstances}. */
export interface ResidualInstancesOptions {
  readonly map: ResidualMap;
  readonly dim: number;
  readonly dtype?: "float64" | "float32";
}

/**
 * Random maps, one per row, each with an unrelated velocity, a point and times; all but the map are the same for both kinds.
 *
 * @throws DomainError about an unknown kind of map
 */
export function residualInstances(draws: Draws, n: number, options: ResidualInstancesOptions): ResidualInstances {
  mustBe("residualInstances", "the draws", draws, "object");
  mustBe("residualInstances", "normal of the draws", draws.normal, "function");
  mustBe("residualInstances", "the options", options, "object");
  const { map, dim, dtype = "float64" } = options;
  checkMapKind("residualInstances", map);
  const x = draws.normal([n, dim], dtype);
  const s = draws.uniforms([n, 1], 0, 1, dtype);
  const step = draws.uniforms([n, 1], 0.1, 0.9, dtype);
  const t = where(s.add(step).less(1), s.add(step), s.add(step).sub(1));
  const v = rowVelocity(rowParameters(draws, n, { inputs: dim + 1, outputs: dim, dtype }));
  if (map === "invertible") {
    const psi = rowBijection(draws, n, dim, dtype);
    return { phi: invertibleFlowMap(psi), own: invertibleVelocity(psi), v, x, s, t };
  }
  const u: AverageVelocity = rowAverageVelocity(rowParameters(draws, n, { inputs: dim + 2, outputs: dim, dtype }));
  return { phi: firstOrderFlowMap(u), own: (point, time) => u(point, time, time), v, x, s, t };
}

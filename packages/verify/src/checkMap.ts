import {
  checkFlowMap,
  type FlowMap,
  type FlowMapLaw,
  type FlowMapReport,
  firstOrderFlowMap,
  flowMapLaws,
  gaussian,
  type VelocityField,
} from "@pushforward/flows";
import { foldIn, key, matmul, normal, optionsOf, type Tensor, tanh } from "@pushforward/tensor";

/** Settings of checkMap. */
export interface CheckMapOptions {
  /** Number of coordinates of x; default 2. */
  readonly dim?: number;
  /** v(x, t) that the map should follow; without it only the laws are checked that hold with any velocity. */
  readonly velocity?: VelocityField;
  /** Random cases per law; default 64. */
  readonly cases?: number;
  /** Seed of the cases; default 0. */
  readonly seed?: number;
  /** Largest allowed residual, relative to max(1, |value|); default 1e-9. */
  readonly tolerance?: number;
}

/** The reports of a map and of its controls. */
export interface MapReport {
  readonly map: FlowMapReport;
  /** An exact map, which must pass. */
  readonly exact: FlowMapReport;
  /** A network x + (t − s)·u(x, s, t) that was not trained, which must fail all laws but the identity. */
  readonly network: FlowMapReport;
}

/** A velocity for the law that holds with any: x·t. */
const anyVelocity: VelocityField = (x, t) => x.mul(t);

/**
 * Checks a flow map by its axioms, the transport equations and backward = Jacobian × forward, beside an exact map and an untrained
 * network.
 *
 * @param map Φ(x, s, t), called with x [batch, dim] and times [batch, 1], in both directions of time
 * @throws DomainError for settings out of range
 */
export function checkMap(map: FlowMap, options: CheckMapOptions = {}): MapReport {
  const { dim = 2, velocity, cases, seed = 0, tolerance } = optionsOf("checkMap", options);
  const laws: readonly FlowMapLaw[] = velocity
    ? (Object.keys(flowMapLaws) as FlowMapLaw[])
    : ["identity", "semigroup", "inverse", "duality"];
  const settings = { dim, cases, tolerance, laws, key: key(seed) };
  const law = gaussian({ mean: Array.from({ length: dim }, (_, i) => 1 - i / dim), std: 0.5 });
  const A = normal(foldIn(key(seed), 1), [dim, dim]);
  const network = firstOrderFlowMap((x: Tensor, s, t) => tanh(matmul(x, A).add(s).sub(t)));
  return {
    map: checkFlowMap(map, { ...settings, velocity: velocity ?? anyVelocity }),
    exact: checkFlowMap(law.flowMap, { ...settings, tolerance: undefined, velocity: law.velocity }),
    network: checkFlowMap(network, { ...settings, tolerance: undefined, velocity: law.velocity }),
  };
}

import { jvp } from "@pushforward/autodiff";
import {
  add,
  broadcastTo,
  concat,
  DomainError,
  exp,
  keys,
  matmul,
  mul,
  mustBe,
  neg,
  normal,
  onesLike,
  optionsOf,
  ShapeError,
  sub,
  type Tensor,
  tanh,
} from "@pushforward/tensor";
import { checkCall, checkPoints, checkResult } from "../callChecks.ts";
import { asTime, type TimeField, type TimePairField } from "../flow.ts";

/** A family of invertible maps ψ_t: `inverse(forward(z, t), t) = z`. */
export interface Bijection {
  readonly dim: number;
  forward(z: Tensor, t: Tensor): Tensor;
  inverse(y: Tensor, t: Tensor): Tensor;
}

/**
 * Computes shift and log-scale of the transformed coordinates from the unchanged coordinates: (rest [batch, k], t) → [batch,
 * 2·(dim − k)].
 */
export type Conditioner = (rest: Tensor, t: Tensor) => Tensor;

/** Bound on the log-scale of one layer, so that layers stay well conditioned. */
const scaleBound = 0.5;

/**
 * One coupling layer. Some coordinates stay unchanged. The conditioner computes scale and shift of the other coordinates from the
 * unchanged coordinates, so the inverse can recompute both exactly.
 *
 *   y_rest = z_rest,   y_move = z_move·e^{a} + b,   (b, a) = conditioner(z_rest, t),   a limited to ±½ by tanh
 *
 * @param dim  number of coordinates, at least 2
 * @param half the unchanged half: the first ⌈dim/2⌉ coordinates or the others
 * @source Dinh et al. 2017, arXiv 1605.08803
 */
export function couplingLayer(dim: number, half: "first" | "last", conditioner: Conditioner): Bijection {
  if (!(Number.isInteger(dim) && dim >= 2)) {
    throw new ShapeError(`couplingLayer: needs at least two coordinates, got ${dim}`);
  }
  if (half !== "first" && half !== "last") {
    throw new DomainError(`couplingLayer: half must be first or last, got "${String(half)}"`);
  }
  mustBe("couplingLayer", "the conditioner", conditioner, "function");
  const cut = Math.ceil(dim / 2);
  const parts = (x: Tensor): [rest: Tensor, move: Tensor] => {
    checkPoints("couplingLayer", x, dim);
    const [first, last] = x.split([cut, dim - cut], -1);
    return half === "first" ? [first, last] : [last, first];
  };
  const join = (rest: Tensor, move: Tensor): Tensor => concat(half === "first" ? [rest, move] : [move, rest], -1);
  const affine = (rest: Tensor, t: Tensor, width: number): [shift: Tensor, logScale: Tensor] => {
    const like = { shape: [...rest.shape.slice(0, -1), 2 * width], dtype: rest.dtype };
    const made = checkResult("couplingLayer", "the conditioner", conditioner(rest, t), like, ", shift and log-scale");
    const [shift, raw] = made.split([width, width], -1);
    return [shift, mul(scaleBound, tanh(raw))];
  };
  return {
    dim,
    forward(z, t) {
      const [rest, move] = parts(z);
      const [shift, logScale] = affine(rest, t, move.shape[move.rank - 1]);
      return join(rest, add(mul(move, exp(logScale)), shift));
    },
    inverse(y, t) {
      const [rest, move] = parts(y);
      const [shift, logScale] = affine(rest, t, move.shape[move.rank - 1]);
      return join(rest, mul(sub(move, shift), exp(neg(logScale))));
    },
  };
}

/**
 * Checks that a value is a family of invertible maps.
 *
 * @throws DTypeError that names the operation and the missing member
 */
function checkBijection(operation: string, what: string, psi: Bijection): void {
  mustBe(operation, what, psi, "object");
  mustBe(operation, `dim of ${what}`, psi.dim, "number");
  mustBe(operation, `${what}.forward`, psi.forward, "function");
  mustBe(operation, `${what}.inverse`, psi.inverse, "function");
}

/** The composition of bijections, in order. */
export function chain(layers: readonly Bijection[]): Bijection {
  mustBe("chain", "the layers", layers, "list");
  if (layers.length === 0) throw new ShapeError("chain: needs at least one bijection, got none");
  for (const [i, layer] of layers.entries()) checkBijection("chain", `layer ${i}`, layer);
  const odd = layers.find(({ dim }) => dim !== layers[0].dim);
  if (odd) throw new ShapeError(`chain: bijections must have the same dim, got ${layers[0].dim} and ${odd.dim}`);
  return {
    dim: layers[0].dim,
    forward: (z, t) => layers.reduce((x, layer) => layer.forward(x, t), z),
    inverse: (y, t) => layers.reduceRight((x, layer) => layer.inverse(x, t), y),
  };
}

/**
 * The flow map of a family of bijections: exactly invertible, Φ_{s→t}∘Φ_{t→s} = id, and a semigroup, for every ψ.
 *
 *   Φ(x, s, t) = ψ_t(ψ_s⁻¹(x))
 */
export const invertibleFlowMap = (psi: Bijection): TimePairField => {
  checkBijection("invertibleFlowMap", "psi", psi);
  return (x, s, t) => {
    checkCall("invertibleFlowMap", x, { s, t }, psi.dim);
    const z = checkResult("invertibleFlowMap", "psi.inverse", psi.inverse(x, asTime(s, x)), x);
    return checkResult("invertibleFlowMap", "psi.forward", psi.forward(z, asTime(t, x)), x);
  };
};

/** The velocity of {@link invertibleFlowMap}: v(x, t) = ∂_t ψ_t(z) at z = ψ_t⁻¹(x). */
export const invertibleVelocity = (psi: Bijection): TimeField => {
  checkBijection("invertibleVelocity", "psi", psi);
  return (x, t) => {
    checkCall("invertibleVelocity", x, { t }, psi.dim);
    const time = asTime(t, x);
    const z = checkResult("invertibleVelocity", "psi.inverse", psi.inverse(x, time), x);
    const forward = (later: Tensor): Tensor =>
      checkResult("invertibleVelocity", "psi.forward", psi.forward(z, later), x);
    const [, v] = jvp(forward, [time], [onesLike(time)]);
    return v;
  };
};

/** Settings of randomBijection. */
export interface RandomBijectionOptions {
  readonly dim: number;
  /** Number of coupling layers, with alternating unchanged halves; default 4. */
  readonly layers?: number;
  /** Width of the conditioners' hidden layer; default 8. */
  readonly hidden?: number;
  readonly dtype?: "float64" | "float32";
}

/** A random family of bijections from a key: coupling layers whose conditioners are small random tanh networks. */
export function randomBijection(key: Tensor, options: RandomBijectionOptions): Bijection {
  const { dim, layers = 4, hidden = 8, dtype = "float64" } = optionsOf("randomBijection", options);
  if (!(Number.isInteger(dim) && dim >= 2)) {
    throw new ShapeError(`randomBijection: needs at least two coordinates, got ${dim}`);
  }
  for (const [name, count] of Object.entries({ layers, hidden })) {
    if (Number.isInteger(count) && count >= 1) continue;
    throw new DomainError(`randomBijection: ${name} must be a whole number ≥ 1, got ${count}`);
  }
  const cut = Math.ceil(dim / 2);
  return chain(
    keys(key, layers).map((layerKey, i) => {
      const rest = i % 2 === 0 ? cut : dim - cut;
      const conditioner = randomConditioner(layerKey, [rest, hidden, 2 * (dim - rest)], dtype);
      return couplingLayer(dim, i % 2 === 0 ? "first" : "last", conditioner);
    }),
  );
}

/** tanh([rest, t]·W₁ + b₁)·W₂ + b₂ with normal weights scaled by 1/√(inputs). */
function randomConditioner(
  key: Tensor,
  [inputs, hidden, outputs]: readonly [number, number, number],
  dtype: "float64" | "float32",
): Conditioner {
  const [k1, k2, k3, k4] = keys(key, 4);
  const w1 = mul(normal(k1, [inputs + 1, hidden], { dtype }), 1 / Math.sqrt(inputs + 1));
  const b1 = mul(normal(k2, [hidden], { dtype }), 0.5);
  const w2 = mul(normal(k3, [hidden, outputs], { dtype }), 1 / Math.sqrt(hidden));
  const b2 = mul(normal(k4, [outputs], { dtype }), 0.5);
  return (rest, t) => {
    const times = broadcastTo(t, [...rest.shape.slice(0, -1), 1]);
    return add(matmul(tanh(add(matmul(concat([rest, times], -1), w1), b1)), w2), b2);
  };
}

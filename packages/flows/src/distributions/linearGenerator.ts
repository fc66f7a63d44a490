import {
  add,
  DTypeError,
  isFloat,
  log,
  mul,
  mustBe,
  ShapeError,
  square,
  sub,
  sum,
  type Tensor,
  type TensorLike,
} from "@pushforward/tensor";
import { checkCall, checkPoints } from "../callChecks.ts";
import type { TimeField } from "../flow.ts";
import { marginalVariance, scoreGain, velocityGain } from "./gaussianPath.ts";

/** Parameters of a linear generator, as tensors, so that its functions differentiate in them. */
export interface LinearGeneratorParameters {
  /** a, [dim] */
  readonly scale: Tensor;
  /** β, [dim] */
  readonly shift: Tensor;
}

/** A generator with Gaussian samples, and the exact law of the samples. x is [batch, dim], t a scalar or [batch, 1]. */
export interface LinearGenerator {
  readonly dim: number;
  /** G(z) = a·z + β, [batch, dim] */
  generate(z: Tensor): Tensor;
  /** v^θ_t(x), the velocity of its noised samples, [batch, dim] */
  readonly velocity: TimeField;
  /** s^θ_t(x) = ∇ log ρ^θ_t(x), [batch, dim] */
  readonly score: TimeField;
  /** log ρ^θ_t(x), [batch], nats; t = 1 by default: the samples themselves */
  logProb(x: Tensor, t?: TensorLike): Tensor;
}

/**
 * The generator G(z) = a·z + β, coordinate by coordinate: its samples have the law N(β, diag(a²)). The velocity of the samples,
 * which an auxiliary network must learn for other generators, is a known function of a and β.
 *
 *   S_t = t²a² + (1 − t)²,   v^θ_t(x) = β + (t·a² − (1 − t))/S_t·(x − tβ),   s^θ_t(x) = −(x − tβ)/S_t
 *
 * @throws ShapeError unless both parameters are [dim]
 */
export function linearGenerator(parameters: LinearGeneratorParameters): LinearGenerator {
  mustBe("linearGenerator", "the parameters", parameters, "object");
  const { scale, shift } = parameters;
  mustBe("linearGenerator", "scale", scale, "tensor");
  mustBe("linearGenerator", "shift", shift, "tensor");
  if (scale.rank !== 1 || shift.rank !== 1 || scale.shape[0] !== shift.shape[0]) {
    throw new ShapeError(
      `linearGenerator: scale and shift must be [dim], got [${scale.shape.join(", ")}] and [${shift.shape.join(", ")}]`,
    );
  }
  if (!isFloat(scale.dtype) || scale.dtype !== shift.dtype) {
    throw new DTypeError(
      `linearGenerator: scale and shift must have one float dtype, got ${scale.dtype} and ${shift.dtype}`,
    );
  }
  const dim = scale.shape[0];
  const variance = square(scale);
  const from = (operation: string, x: Tensor, t: TensorLike): Tensor => {
    checkCall(`linearGenerator.${operation}`, x, { t }, dim);
    return sub(x, mul(t, shift));
  };
  return {
    dim,
    generate: (z) => {
      checkPoints("linearGenerator.generate", z, dim);
      return add(mul(scale, z), shift);
    },
    velocity: (x, t) => {
      const offset = from("velocity", x, t);
      return add(shift, mul(velocityGain(variance, t), offset));
    },
    score: (x, t) => {
      const offset = from("score", x, t);
      return mul(scoreGain(variance, t), offset);
    },
    logProb: (x, t = 1) => {
      const offset = from("logProb", x, t);
      const spread = marginalVariance(variance, t);
      const squares = square(offset).div(spread);
      return mul(-0.5, sum(add(squares, add(log(spread), Math.log(2 * Math.PI))), -1));
    },
  };
}

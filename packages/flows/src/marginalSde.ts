import {
  add,
  DomainError,
  mul,
  mustBe,
  optionsOf,
  sign,
  square,
  type Tensor,
  type TensorLike,
} from "@pushforward/tensor";
import { checkCall, checkedFunction, checkTimes } from "./callChecks.ts";
import { asTime, type VelocityField } from "./flow.ts";
import { convertField } from "./prediction.ts";

/** dX = drift(X, t) dt + diffusion(t) dW. */
export interface Sde {
  readonly drift: VelocityField;
  readonly diffusion: (t: Tensor) => Tensor;
}

/** Settings of marginalSde. */
export interface MarginalSdeOptions {
  /** g(t) ≥ 0, noise per root of time; a number or a function of the time. */
  readonly diffusion: number | ((t: Tensor) => TensorLike);
  /** s_t(x); by default the score of the linear path's velocity, (t·v − x)/(1 − t). */
  readonly score?: VelocityField;
  /** Signed step or span: its sign is the direction of time. */
  readonly span: Tensor;
}

/**
 * The SDE with the same marginals ρ_t as the flow of v, for every g.
 *
 *   dX = [v + ½g²·∇log ρ_t] dt + g dW         with time running backwards:  dX = [v − ½g²·∇log ρ_t] dt + g dW
 *
 * @source Song et al. 2021, arXiv 2011.13456, §4.3; Albergo et al. 2023, arXiv 2303.08797, §2.4
 */
export function marginalSde(v: VelocityField, options: MarginalSdeOptions): Sde {
  const { diffusion, score, span } = optionsOf("marginalSde", options);
  if (typeof diffusion !== "number") mustBe("marginalSde", "a diffusion that is no number", diffusion, "function");
  else if (!(diffusion >= 0)) throw new DomainError(`marginalSde: the diffusion must be at least 0, got ${diffusion}`);
  const velocity = checkedFunction("marginalSde", "v", v);
  const level = (t: Tensor): Tensor => {
    const value = typeof diffusion === "number" ? diffusion : diffusion(t);
    return asTime(value, t);
  };
  const field =
    score === undefined
      ? convertField(velocity, { from: "velocity", to: "score" })
      : checkedFunction("marginalSde", "the score", score);
  const direction = sign(span);
  return {
    diffusion: level,
    drift: (x, t) => {
      checkCall("marginalSde", x, { t });
      if (score === undefined) checkBeforeData(t);
      const g = level(t);
      checkTimes("marginalSde", x, { "the diffusion": g });
      return add(velocity(x, t), mul(mul(mul(0.5, direction), square(g)), field(x, t)));
    },
  };
}

/** The velocity at t = 1 does not determine the score: v₁(x) = x for every data law. */
function checkBeforeData(t: Tensor): void {
  if (!t.readable || !t.concrete("marginalSde").buffer.some((time) => time === 1)) return;
  throw new DomainError(
    "marginalSde: the score follows from the velocity only for t < 1, got t = 1; pass a score, or stop before t = 1",
  );
}

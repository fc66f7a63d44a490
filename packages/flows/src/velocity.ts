import { broadcastTo, mustBe, type Tensor } from "@pushforward/tensor";
import { checkCall, checkResult, columnOf } from "./callChecks.ts";
import { asTime, type TimeField } from "./flow.ts";
import { linearOde, pointMass } from "./flowMaps/exact.ts";

/** The velocity from noise to a single point: v(x, t) = (a − x)/(1 − t), t < 1. */
export const pointMassVelocity = (point: readonly number[]): TimeField => pointMass(point).velocity;

/** The velocity of a linear ODE: v(x, t) = A·x. */
export const linearVelocity = (matrix: readonly (readonly number[])[]): TimeField => linearOde(matrix).velocity;

/**
 * A network as a velocity field. The network gets times as [batch, 1], and its result is checked.
 *
 * @param network (parameters, x [batch, dim], t [batch, 1]) → [batch, dim]
 * @param parameters any tree; to freeze the field, stop the gradients of the parameters, never of the output
 * @param dim     number of coordinates
 */
export function learnedVelocity<Parameters>(
  network: (parameters: Parameters, x: Tensor, t: Tensor) => Tensor,
  parameters: Parameters,
  dim: number,
): TimeField {
  mustBe("learnedVelocity", "the network", network, "function");
  return (x, t) => {
    checkCall("learnedVelocity", x, { t }, dim);
    const v = network(parameters, x, broadcastTo(asTime(t, x), columnOf(x.shape)));
    return checkResult("learnedVelocity", "the network", v, x);
  };
}

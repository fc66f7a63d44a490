import { broadcastTo, mustBe, type Tensor } from "@pushforward/tensor";
import { checkCall, checkResult, columnOf } from "./callChecks.ts";
import { asTime, type TimeField } from "./flow.ts";
import { linearOde, pointMass } from "./flowMaps/exact.ts";

/** The velocity that leads noise to one point: v(x, t) = (a − x)/(1 − t), t < 1. */
export const pointMassVelocity = (point: readonly number[]): TimeField => pointMass(point).velocity;

/** The velocity of a linear ODE: v(x, t) = A·x. */
export const linearVelocity = (matrix: readonly (readonly number[])[]): TimeField => linearOde(matrix).velocity;

/**
 * A network as a velocity field: times reach it as [batch, 1], its result is checked.
 *
 * @param network (parameters, x [batch, dim], t [batch, 1]) → [batch, dim]
 * @param parameters any tree; stop its gradients here to freeze the field, never at its output
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

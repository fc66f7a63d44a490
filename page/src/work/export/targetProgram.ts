import { opaque } from "@pushforward/export";
import { type AnyLoss, lossVectors } from "@pushforward/losses";
import { dropUnused, mergeEqual, type Program, type Tensor, trace, zeros } from "@pushforward/tensor";
import type { TangentChoice } from "../../microscope/microscopeState.ts";

/** Arrays of one row in the plane. */
const [point, time] = [
  [1, 2],
  [1, 1],
] as const;

/**
 * The target U − ½·∂L/∂U of a loss at one point of the plane, with the average velocity u(x, s, t) and the velocity teacher(x, t) as opaque
 * functions. Its inputs are xs and v, [1, 2], and s and t, [1, 1].
 */
export function targetProgram(loss: AnyLoss, tangent: TangentChoice): Program {
  const u = opaque("u", { args: [point, time, time], result: point });
  const teacher = opaque("teacher", { args: [point, time], result: point });
  const target = (xs: Tensor, v: Tensor, s: Tensor, t: Tensor): Tensor =>
    lossVectors(loss, { xs, v, s, t, noise: xs, data: xs, u, unconditional: u, teacher, warmup: 1 }, tangent).target;
  const names = ["xs", "v", "s", "t"];
  return dropUnused(mergeEqual(trace(target, { names })(zeros(point), zeros(point), zeros(time), zeros(time))));
}

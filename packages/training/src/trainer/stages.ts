import { div, equal, floor, maximum, minimum, mul, sub, type Tensor, treeMap, where } from "@pushforward/tensor";

/** Steps of one of equal stages, the last of which may be shorter. */
export const stageLength = (steps: number, stages: number): number => Math.ceil(steps / stages);

/** The stage of a step, 0-d: floor(step/length), at most the last. */
export const stageOf = (step: Tensor, length: number, stages: number): Tensor =>
  minimum(stages - 1, floor(div(step, length)));

/** Steps done within the stage, 0-d. */
export const stepInStage = (step: Tensor, length: number, stages: number): Tensor =>
  sub(step, mul(length, stageOf(step, length, stages)));

/** The student of the stage before: the present student where a stage begins, else the one kept so far. */
export function previousOf<P>(previous: P, now: P, step: Tensor, length: number): P {
  const isStart = equal(mul(length, floor(div(step, length))), maximum(step, 1));
  return treeMap((old: Tensor, fresh: Tensor) => where(isStart, fresh, old), previous, now);
}

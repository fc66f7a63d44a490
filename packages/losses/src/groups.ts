import { broadcastTo, DomainError, expandDims, mustBe, reshape, ShapeError, type Tensor } from "@pushforward/tensor";

/**
 * Consecutive rows of a batch as groups: [batch, …] → [groups, group, …].
 *
 * @throws ShapeError unless the batch is a multiple of the group
 */
export function inGroups(x: Tensor, group: number): Tensor {
  checkTensor("inGroups", x);
  checkGroupSize("inGroups", group);
  const [batch, ...rest] = x.shape;
  if (batch % group !== 0)
    throw new ShapeError(
      `inGroups: x must have a multiple of ${group} rows, got ${batch}; choose another batch or group`,
    );
  return reshape(x, [batch / group, group, ...rest]);
}

/** Every row as often as a group has samples, one after the other: [groups, …] → [groups·group, …]. */
export function repeatInGroups(x: Tensor, group: number): Tensor {
  checkTensor("repeatInGroups", x);
  checkGroupSize("repeatInGroups", group);
  if (group === 1) return x;
  const [groups, ...rest] = x.shape;
  return reshape(broadcastTo(expandDims(x, 1), [groups, group, ...rest]), [groups * group, ...rest]);
}

/** The largest divisor of a group that a batch is a multiple of: a small batch is then cut into smaller groups. */
export function fittingGroup(group: number, batch: number): number {
  checkGroupSize("fittingGroup", group);
  mustBe("fittingGroup", "the batch", batch, "number");
  if (!Number.isInteger(batch) || batch < 0)
    throw new DomainError(`fittingGroup: the batch must be a whole number ≥ 0, got ${batch}`);
  return commonDivisor(group, batch);
}

const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b));

function checkTensor(operation: string, x: Tensor): void {
  mustBe(operation, "x", x, "tensor");
  if (x.rank === 0) throw new ShapeError(`${operation}: x must have a first axis of rows, got []`);
}

/** @throws DomainError unless a number of samples is whole and at least 1 */
export function checkGroupSize(operation: string, group: number): void {
  mustBe(operation, "the group", group, "number");
  if (Number.isInteger(group) && group >= 1) return;
  throw new DomainError(`${operation}: the group must be a whole number of samples ≥ 1, got ${group}`);
}

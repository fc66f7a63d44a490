import { customJvp } from "@pushforward/autodiff";
import { add, DenseTensor, mul, type Tensor, where } from "@pushforward/tensor";

/** One tensor's values with another one's derivatives. */
export const withDerivativesOf: (value: Tensor, other: Tensor) => Tensor = customJvp(
  (value: Tensor, _other: Tensor) => value,
  ([value, other], [, derivative]) => [withDerivativesOf(value, other), derivative],
);

/**
 * Samples with s = t where the velocity is not finite. They stay where they are whatever its parameters are, so the velocity is evaluated
 * at the point of another sample instead: a cotangent of 0 times an infinite derivative would spoil the gradient of all.
 */
export class SingularRows {
  /** Whether no other sample is left. */
  readonly isAll: boolean;
  private hasRested = false;
  private readonly mask: DenseTensor;
  private readonly other: number;
  private readonly velocity: DenseTensor;

  /**
   * @param rows     whether each row is one
   * @param velocity at the start, of all rows
   * @param shape    of one number per row, [batch, 1]
   */
  constructor(rows: readonly boolean[], velocity: DenseTensor, shape: readonly number[]) {
    this.mask = new DenseTensor(Uint8Array.from(rows, Number), shape, "bool");
    this.other = rows.indexOf(false);
    this.isAll = this.other < 0;
    this.velocity = velocity;
  }

  /** The same points or times, those of another sample in these rows. */
  away(x: Tensor): Tensor {
    const width = x.rank === 0 ? 1 : x.shape[x.rank - 1];
    const other = x.reshape([-1, width]).slice([this.other, this.other + 1]);
    return x.size === 1 ? x : where(this.mask, other, x);
  }

  /**
   * The next state with these rows at rest. In their one step of length 0 they move as x does, and with the times as the velocity says,
   * infinite as it is.
   */
  atRest(x: Tensor, length: Tensor, next: Tensor): Tensor {
    const resting = this.hasRested ? x : withDerivativesOf(x, add(x, mul(length, this.velocity)));
    return where(this.mask, resting, next);
  }

  /** Takes note of a step of theirs: a later one has no derivative in the times. */
  accept(isAccepted: readonly boolean[]): void {
    this.hasRested ||= isAccepted.some((accepted, row) => accepted && this.mask.buffer[row] === 1);
  }
}

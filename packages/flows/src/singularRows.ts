import { customJvp } from "@pushforward/autodiff";
import { add, DenseTensor, mul, type Tensor, where } from "@pushforward/tensor";

/** The values of one tensor with the derivatives of another tensor. */
export const withDerivativesOf: (value: Tensor, other: Tensor) => Tensor = customJvp(
  (value: Tensor, _other: Tensor) => value,
  ([value, other], [, derivative]) => [withDerivativesOf(value, other), derivative],
);

/**
 * Samples with s = t at which the velocity is not finite. Their state does not change for any parameters of the velocity. The
 * velocity is therefore evaluated at the point of another sample, because a cotangent of 0 times an infinite derivative would
 * make all gradients NaN.
 */
export class SingularRows {
  /** Whether all samples are singular. */
  readonly isAll: boolean;
  private hasRested = false;
  private readonly mask: DenseTensor;
  private readonly other: number;
  private readonly velocity: DenseTensor;

  /**
   * @param rows whether each row is singular
   * @param velocity at the start, of all rows
   * @param shape    of one number per row, [batch, 1]
   */
  constructor(rows: readonly boolean[], velocity: DenseTensor, shape: readonly number[]) {
    this.mask = new DenseTensor(Uint8Array.from(rows, Number), shape, "bool");
    this.other = rows.indexOf(false);
    this.isAll = this.other < 0;
    this.velocity = velocity;
  }

  /** The same points or times, with those of another sample in the singular rows. */
  away(x: Tensor): Tensor {
    const width = x.rank === 0 ? 1 : x.shape[x.rank - 1];
    const other = x.reshape([-1, width]).slice([this.other, this.other + 1]);
    return x.size === 1 ? x : where(this.mask, other, x);
  }

  /**
   * The next state, with the singular rows unchanged. Their single step of length 0 has the derivative 1 in x and the (infinite)
   * velocity as the derivative in the times.
   */
  atRest(x: Tensor, length: Tensor, next: Tensor): Tensor {
    const resting = this.hasRested ? x : withDerivativesOf(x, add(x, mul(length, this.velocity)));
    return where(this.mask, resting, next);
  }

  /** Records a step of the singular rows: later steps have no derivative in the times. */
  accept(isAccepted: readonly boolean[]): void {
    this.hasRested ||= isAccepted.some((accepted, row) => accepted && this.mask.buffer[row] === 1);
  }
}

/** Calls that the estimate of a variant remembers, and that a look at the other variant takes. */
const memory = 3;
/** Calls between two looks: more and more as long as they change nothing. The first calls run code that is not optimised yet. */
const [firstInterval, lastInterval] = [16, 256];
/** Largest fraction of the second variant's time at which the first is preferred: a busy moment of another program must not be enough. */
const preference = 0.85;

/**
 * Chooses between two variants of the same work by the times of their latest calls; in doubt the second variant.
 *
 * A run on several threads is slower than a run on one thread while other programs keep the cores busy, which changes over time.
 */
export class VariantChoice {
  private readonly times: readonly [number[], number[]] = [[], []];
  private interval = firstInterval;
  private untilLook = firstInterval;
  private chosen: 0 | 1 = 1;

  /** Whether to run the second variant now. */
  next(): boolean {
    this.untilLook--;
    if (this.untilLook < 0) return this.chosen === 0;
    return this.chosen === 1;
  }

  /** Notes how long a call took. */
  record(isSecond: boolean, duration: number): void {
    const times = this.times[isSecond ? 1 : 0];
    times.push(duration);
    if (times.length > memory) times.shift();
    const isLooking = this.untilLook < 0;
    if (isLooking ? this.untilLook > -memory : !this.isOtherQuicker()) return;
    if (this.isOtherQuicker()) {
      this.chosen = this.chosen === 0 ? 1 : 0;
      this.interval = firstInterval;
    } else this.interval = Math.min(lastInterval, 2 * this.interval);
    this.untilLook = this.interval;
  }

  private isOtherQuicker(): boolean {
    const [own, other] = [this.times[this.chosen], this.times[1 - this.chosen]];
    return (
      own.length === memory &&
      other.length === memory &&
      median(other) < median(own) * (this.chosen === 1 ? preference : 1)
    );
  }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1];

/** Calls that the estimate of a way remembers, and that a look at the other way takes. */
const memory = 3;
/** Calls between two looks: more and more as long as they change nothing. The first calls run code that is not optimised yet. */
const [firstInterval, lastInterval] = [16, 256];
/** How much quicker the first way must be to be preferred: a busy moment of another program must not be enough. */
const preference = 0.85;

/**
 * Chooses between two ways to do the same thing by how long they have taken lately; in doubt the second.
 *
 * Threads are slower than none where other programs keep the cores busy, and that changes while a program runs.
 */
export class Pace {
  private readonly times: readonly [number[], number[]] = [[], []];
  private interval = firstInterval;
  private untilLook = firstInterval;
  private way: 0 | 1 = 1;

  /** Whether to take the second way now. */
  next(): boolean {
    this.untilLook--;
    if (this.untilLook < 0) return this.way === 0;
    return this.way === 1;
  }

  /** Notes how long a call took. */
  record(isSecond: boolean, duration: number): void {
    const times = this.times[isSecond ? 1 : 0];
    times.push(duration);
    if (times.length > memory) times.shift();
    const isLooking = this.untilLook < 0;
    if (isLooking ? this.untilLook > -memory : !this.isOtherQuicker()) return;
    if (this.isOtherQuicker()) {
      this.way = this.way === 0 ? 1 : 0;
      this.interval = firstInterval;
    } else this.interval = Math.min(lastInterval, 2 * this.interval);
    this.untilLook = this.interval;
  }

  private isOtherQuicker(): boolean {
    const [own, other] = [this.times[this.way], this.times[1 - this.way]];
    return (
      own.length === memory &&
      other.length === memory &&
      median(other) < median(own) * (this.way === 1 ? preference : 1)
    );
  }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1];

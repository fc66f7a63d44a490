/**
 * Random choices that a seed decides.
 *
 * @source mulberry32, Tommy Ettinger, public domain: one 32-bit state, enough for choices of a test
 */
export class Random {
  readonly seed: number;
  private state: number;

  constructor(seed: number) {
    this.seed = seed;
    this.state = seed | 0;
  }

  /** In [0, 1). */
  real(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let bits = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from low to high. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.real() * (high - low + 1));
  }

  choose<T>(values: readonly T[]): T {
    return values[this.whole(0, values.length - 1)];
  }

  isTrue(probability = 0.5): boolean {
    return this.real() < probability;
  }
}

import { DomainError, foldIn, normal, type Shape, type Tensor, uniform } from "@pushforward/tensor";

/** Numbers drawn from the generator at once. */
const chunk = 64;

/** A sequence of plain random numbers from a key, for the structure of an instance. */
export class Draws {
  private readonly key: Tensor;
  private used = 0;
  private buffer: ArrayLike<number> = [];
  private next = 0;

  constructor(key: Tensor) {
    this.key = key;
  }

  /** A new key. */
  subkey(): Tensor {
    return foldIn(this.key, this.used++);
  }

  /** Uniform on [min, max). */
  uniform(min = 0, max = 1): number {
    if (this.next === this.buffer.length) {
      this.buffer = uniform(this.subkey(), [chunk]).dataSync();
      this.next = 0;
    }
    return min + (max - min) * this.buffer[this.next++];
  }

  /** A whole number in [min, max], both included. */
  integer(min: number, max: number): number {
    return min + Math.floor(this.uniform() * (max - min + 1));
  }

  /** True with probability p. */
  chance(p: number): boolean {
    return this.uniform() < p;
  }

  /** −1 or 1, times a number in [min, max): away from zero. */
  signed(min: number, max: number): number {
    const size = this.uniform(min, max);
    return this.chance(0.5) ? size : -size;
  }

  /**
   * One of a list.
   *
   * @throws DomainError if the list is empty
   */
  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new DomainError("pick: needs at least one choice, got none");
    return list[this.integer(0, list.length - 1)];
  }

  /** Standard normal values. */
  normal(shape: Shape, dtype: "float64" | "float32" = "float64"): Tensor {
    return normal(this.subkey(), shape, { dtype });
  }

  /** Values uniform on [min, max). */
  uniforms(shape: Shape, min = 0, max = 1, dtype: "float64" | "float32" = "float64"): Tensor {
    return uniform(this.subkey(), shape, { dtype, min, max });
  }

  /** `count` plain numbers by the given rule. */
  list(count: number, draw: () => number): number[] {
    return Array.from({ length: count }, draw);
  }
}

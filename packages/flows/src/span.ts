import { allocate, DenseTensor, DomainError, sub, type Tensor, type TensorLike } from "@pushforward/tensor";
import { columnOf } from "./callChecks.ts";
import { asTime } from "./flow.ts";
import { describeNonFinite, nonFinite } from "./nonFinite.ts";

/** The interval from time s to time t, for every sample of x. */
export class Span {
  /** Shape of per-sample numbers: [batch, 1] for x [batch, dim]. */
  readonly shape: readonly number[];
  private readonly x: Tensor;
  private readonly s: TensorLike;
  private readonly t: TensorLike;

  constructor(x: Tensor, s: TensorLike, t: TensorLike) {
    this.x = x;
    this.s = s;
    this.t = t;
    this.shape = columnOf(x.shape);
  }

  /** Whether values of the state and the times can be read. */
  get readable(): boolean {
    return [this.x, this.s, this.t].every((each) => typeof each !== "object" || each.readable);
  }

  /**
   * Checks that both times and the state are finite; their values must be readable.
   *
   * @throws DomainError that names the value, its row and the time
   */
  checkFinite(): void {
    for (const [name, times] of [["s", this.values(this.s)] as const, ["t", this.values(this.t)] as const]) {
      const row = times.findIndex((time) => !Number.isFinite(time));
      if (row >= 0) throw new DomainError(`integrate: ${name} must be finite, got ${times[row]} in row ${row}`);
    }
    const bad = nonFinite(this.x);
    if (!bad) return;
    const time = Number(this.values(this.s)[bad.row].toPrecision(6));
    throw new DomainError(`integrate: the state must be finite, got ${describeNonFinite(bad)}, at t = ${time}`);
  }

  /** t − s as a tensor. */
  length(): Tensor {
    return asTime(sub(this.t, this.s), this.x);
  }

  /** t − s of every sample, in plain numbers. */
  lengths(): Float64Array {
    const [start, end] = [this.values(this.s), this.values(this.t)];
    return start.map((s, row) => end[row] - s);
  }

  /**
   * The time at a fraction of the interval: (1 − fraction)·s + fraction·t, exact at both ends. The fraction is a number, or one
   * per sample.
   */
  timeAt(fraction: number | Float64Array): Tensor {
    if (typeof fraction === "number") {
      if (typeof this.s === "number" && typeof this.t === "number") {
        return asTime((1 - fraction) * this.s + fraction * this.t, this.x);
      }
      return asTime(this.s, this.x)
        .mul(1 - fraction)
        .add(asTime(this.t, this.x).mul(fraction));
    }
    const rest = fraction.map((each) => 1 - each);
    return asTime(this.s, this.x)
      .mul(this.column(rest))
      .add(asTime(this.t, this.x).mul(this.column(fraction)));
  }

  /** The given fraction of the length, for every sample, [batch, 1]. */
  lengthOf(fractions: Float64Array): Tensor {
    return this.length().mul(this.column(fractions));
  }

  /** The current time and the end time of a sample, for messages. */
  describe(fractions: Float64Array, row: number): { time: number; end: number } {
    const [s, t] = [this.values(this.s)[row], this.values(this.t)[row]];
    const time = (1 - fractions[row]) * s + fractions[row] * t;
    return { time: Number(time.toPrecision(6)), end: Number(t.toPrecision(6)) };
  }

  private column(values: Float64Array): DenseTensor {
    const dtype = this.x.dtype === "float32" ? "float32" : "float64";
    const data = allocate(dtype, values.length);
    data.set(values);
    return new DenseTensor(data, this.shape, dtype);
  }

  /** A time of every sample, in plain numbers. */
  private values(time: TensorLike): Float64Array {
    const rows = this.shape.reduce((product, n) => product * n, 1);
    if (typeof time !== "object") return new Float64Array(rows).fill(Number(time));
    const { buffer } = time.concrete("integrate");
    return Float64Array.from({ length: rows }, (_, row) => buffer[buffer.length === 1 ? 0 : row]);
  }
}

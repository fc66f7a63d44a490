import { allocate, bytesPerElement, type DType } from "../../../array/dtype.ts";
import { type FunctionBuilder, f32x4, f64x2, i32x4, type Opcode, v128 } from "../assembler/index.ts";
import type { LaneCount } from "../vector/index.ts";
import type { Accumulator, AccumulatorState } from "./accumulator.ts";
import type { Level } from "./blocks.ts";
import { emitAddPart, pushCorrected, type SumFormat, sumFormats } from "./compensatedSum.ts";
import { firstLanes, turnedLanes } from "./elementFormat.ts";

/** How vectors of a dtype are combined. */
interface Fold {
  readonly op: Opcode;
  readonly identity: number;
  /** Of sums that round: long sums are made of blocks. */
  readonly sum?: SumFormat;
}

/** Sums, largest and smallest elements by dtype. */
export const folds: Readonly<Record<"sum" | "max" | "min", Readonly<Record<Exclude<DType, "bool">, Fold>>>> = {
  sum: {
    float32: { op: f32x4.add, identity: 0, sum: sumFormats.float32 },
    float64: { op: f64x2.add, identity: 0, sum: sumFormats.float64 },
    int32: { op: i32x4.add, identity: 0 },
  },
  max: {
    float32: { op: f32x4.max, identity: Number.NEGATIVE_INFINITY },
    float64: { op: f64x2.max, identity: Number.NEGATIVE_INFINITY },
    int32: { op: i32x4.maxS, identity: -(2 ** 31) },
  },
  min: {
    float32: { op: f32x4.min, identity: Number.POSITIVE_INFINITY },
    float64: { op: f64x2.min, identity: Number.POSITIVE_INFINITY },
    int32: { op: i32x4.minS, identity: 2 ** 31 - 1 },
  },
};

/**
 * Vectors that are added one after another, and those of a block of such blocks, whose sums join a total that keeps its rounding
 * errors. So at most 11 + 7 additions of a lane round unseen: less than 2·10⁻⁷·log₂ n of Σ|terms| in float32 for every n.
 */
const [leaf, branch] = [12, 96];

/** Sums, largest or smallest elements. A state is one local. */
export class FoldAccumulator implements Accumulator {
  /** Four vectors fill a cache line, so that a column's loop fetches every line once. */
  readonly vectors = 4;
  private readonly fn: FunctionBuilder;
  private readonly fold: Fold;
  private readonly laneCount: LaneCount;
  private readonly bytes: number;
  private readonly identity: Uint8Array;

  constructor(fn: FunctionBuilder, fold: Fold, dtype: DType, laneCount: LaneCount) {
    this.fn = fn;
    this.fold = fold;
    this.laneCount = laneCount;
    this.bytes = bytesPerElement(dtype);
    this.identity = new Uint8Array(allocate(dtype, 16 / this.bytes).fill(fold.identity).buffer);
  }

  begin(): AccumulatorState {
    const local = this.fn.local("v128");
    this.restart(local);
    return [local];
  }

  /** A long sum that rounds is a sum of blocks: its error grows with their length and not with the length of the sum. */
  total(states: readonly AccumulatorState[], steps: number, walk: (levels: readonly Level[]) => void): void {
    const { fn, fold } = this;
    const { sum } = fold;
    if (!sum || steps <= leaf) {
      walk([]);
      return;
    }
    const branches = states.map(() => this.begin());
    const leaves: Level = {
      limit: leaf,
      flush: () =>
        branches.forEach(([whole], i) => {
          this.accept([whole], states[i][0]);
          this.restart(states[i][0]);
        }),
    };
    if (steps > branch) this.compensatedTotal(states, branches, sum, (coarse) => walk([coarse, leaves]));
    else {
      walk([leaves]);
      states.forEach(([local], i) => {
        fn.get(branches[i][0]);
        fn.set(local);
      });
    }
    for (const [local] of branches) fn.release(local);
  }

  accept([local]: AccumulatorState, value: number, count?: number): void {
    const { fn } = this;
    fn.get(local);
    fn.get(value);
    fn.op(this.fold.op);
    if (count !== undefined) {
      fn.get(local);
      fn.v128(firstLanes(count, this.bytes));
      fn.op(v128.bitselect);
    }
    fn.set(local);
  }

  /** States are combined as a tree, then the lanes. */
  combine(states: readonly AccumulatorState[]): void {
    const { fn } = this;
    for (let distance = 1; distance < states.length; distance *= 2) {
      for (let i = 0; i + distance < states.length; i += 2 * distance) this.accept(states[i], states[i + distance][0]);
    }
    const [[local]] = states;
    for (let distance = this.laneCount / 2; distance >= 1; distance /= 2) {
      for (let i = 0; i < 3; i++) fn.get(local);
      fn.shuffle(turnedLanes(distance, this.bytes));
      fn.op(this.fold.op);
      fn.set(local);
    }
  }

  results([local]: AccumulatorState): number {
    return local;
  }

  /** The sums of blocks join totals that keep their rounding errors. */
  private compensatedTotal(
    states: readonly AccumulatorState[],
    parts: readonly AccumulatorState[],
    sum: SumFormat,
    walk: (level: Level) => void,
  ): void {
    const { fn } = this;
    const totals = states.map(() => {
      const [[total], [lost]] = [this.begin(), this.begin()];
      return { total, lost };
    });
    const flush = (): void =>
      parts.forEach(([part], i) => {
        emitAddPart(fn, sum, totals[i], part);
        this.restart(part);
      });
    walk({ limit: branch, flush });
    states.forEach(([local], i) => {
      pushCorrected(fn, sum, totals[i]);
      fn.set(local);
    });
    for (const { total, lost } of totals) for (const local of [total, lost]) fn.release(local);
  }

  private restart(local: number): void {
    this.fn.v128(this.identity);
    this.fn.set(local);
  }
}

import { bytesPerElement } from "../../../array/dtype.ts";
import { type FunctionBuilder, i32, v128 } from "../assembler/index.ts";
import { ConstantPool, KernelBody, storeLanes, storeVector } from "../vector/index.ts";
import { inBlocks, type Level, type Span } from "./blocks.ts";
import { emitAddPart, pushCorrected } from "./compensated.ts";
import { firstLanes, turnedLanes } from "./elementFormat.ts";
import { forSteps, forUnits, isGathered, loadOperand, nest, Pointers } from "./operand.ts";
import type { ReduceCode } from "./reduce.ts";

/** Vectors of results side by side: four fill a cache line, so that none is fetched twice on the way down. */
const vectorsPerUnit = 4;

/**
 * Vectors that are added one after another, and those of a block of such blocks, whose sums join a total that keeps its rounding
 * errors. So at most 11 + 7 additions of a lane round unseen: less than 2·10⁻⁷·log₂ n of Σ|terms| in float32 for every n.
 */
const [leaf, branch] = [12, 96];

/** Results of one unit where each is a column. */
export const columnsPerUnit = ({ lanes }: ReduceCode): number => vectorsPerUnit * lanes;

/** Writes the loops of one reduction over its units [lo, hi). */
export class ReduceEmitter {
  private readonly fn: FunctionBuilder;
  private readonly code: ReduceCode;
  private readonly pointers: Pointers;
  private readonly arithmetic: KernelBody;
  private readonly last: number;

  constructor(fn: FunctionBuilder, code: ReduceCode) {
    this.fn = fn;
    this.code = code;
    this.pointers = new Pointers(fn);
    const { node, fma, lanes } = code;
    this.arithmetic = new KernelBody(fn, [node], { fma, constants: new ConstantPool(fn), lanes });
    this.last = code.shape.length - 1;
    for (const operand of [...code.inputs, code.output]) this.pointers.place(operand);
  }

  /** One row of results, each a sum down its column: a unit is a few vectors of them. */
  columns(): void {
    const { code, fn } = this;
    const size = code.shape[this.last];
    const perUnit = columnsPerUnit(code);
    const left = size % perUnit;
    this.forUnits(this.last, perUnit, (unit) => {
      if (left === 0) {
        this.columnBlock(vectorsPerUnit, code.lanes);
        return;
      }
      fn.get(unit);
      fn.i32(Math.floor(size / perUnit));
      fn.op(i32.ltU);
      fn.if(
        () => this.columnBlock(vectorsPerUnit, code.lanes),
        () => this.narrowBlock(left, false),
      );
    });
  }

  /** Rows of results, each a sum down its column. */
  rowsOfColumns(): void {
    const { code, last } = this;
    const [first, ...others] = code.kept.filter((axis) => axis !== last);
    const perBlock = columnsPerUnit(code);
    const whole = code.shape[last] - (code.shape[last] % perBlock);
    this.forUnits(first, 1, () => {
      this.nest(others, () => {
        this.forVectors(0, whole, perBlock, () => this.columnBlock(vectorsPerUnit, code.lanes));
        if (code.shape[last] > whole) this.narrowBlock(code.shape[last] - whole, true);
        this.pointers.advance(last, -whole);
      });
    });
  }

  /** Each result is the sum of a row: vectors of partial sums side by side, added up at the end. */
  rows(): void {
    const { fn, code, last } = this;
    const { kept, reduced, lanes, shape, dtype, output } = code;
    const accumulators = Array.from({ length: vectorsPerUnit }, () => fn.freshLocal("v128"));
    const [accumulator] = accumulators;
    const perBlock = columnsPerUnit(code);
    const blocks = shape[last] - (shape[last] % perBlock);
    const whole = shape[last] - (shape[last] % lanes);
    const others = reduced.filter((axis) => axis !== last);
    const middle: Span = { axis: last, stride: perBlock, rounds: blocks / perBlock, stays: true };
    const rest = (): void => {
      if (whole > blocks) this.forVectors(blocks, whole, lanes, () => this.accumulate([accumulator], lanes));
      if (shape[last] > whole) this.accumulateTail(accumulator, shape[last] - whole);
      this.pointers.advance(last, -whole);
    };
    const steps = middle.rounds + (whole - blocks) / lanes + (shape[last] > whole ? 1 : 0);
    const row = (): void => {
      this.total(accumulators, steps * this.sizeOf(others), (levels) => {
        if (steps <= leaf) {
          // A whole row is one round.
          const perRow = levels.map((level) => ({ ...level, limit: Math.floor(level.limit / steps) }));
          this.inBlocks(this.spansOf(others), perRow, () => {
            if (blocks > 0) this.inBlocks([middle], [], () => this.accumulate(accumulators, lanes));
            rest();
          });
          return;
        }
        this.nest(others, () => {
          this.inBlocks([middle], levels, () => this.accumulate(accumulators, lanes));
          rest();
          for (const level of [...levels].reverse()) level.flush();
        });
      });
      if (blocks > 0) this.combineAll(accumulators);
      this.combineLanes(accumulator);
      storeLanes(fn, { dtype, lanes, ...this.pointers.place(output) }, accumulator, 1);
    };
    if (kept.length > 0) {
      this.forUnits(kept[0], 1, () => this.nest(kept.slice(1), row));
      return;
    }
    this.pointers.beginAt(last, 0, 0);
    row();
  }

  /** The columns that do not fill a block: whole vectors together, then what is left of one. */
  private narrowBlock(columns: number, isExact: boolean): void {
    const { lanes, inputs } = this.code;
    // Behind the last result of all there is room for a whole vector, unless its elements are gathered.
    const mayOverrun = !isExact && !inputs.some((operand) => isGathered(operand, this.last));
    const vectors = mayOverrun ? Math.ceil(columns / lanes) : Math.floor(columns / lanes);
    if (vectors > 0) this.columnBlock(vectors, lanes);
    const left = columns - vectors * lanes;
    if (left <= 0) return;
    this.pointers.advance(this.last, vectors * lanes);
    this.columnBlock(1, left);
    this.pointers.advance(this.last, -vectors * lanes);
  }

  /** Some vectors of results side by side. */
  private columnBlock(vectors: number, count: number): void {
    const { fn, code } = this;
    const { output, lanes, dtype } = code;
    const accumulators = Array.from({ length: vectors }, () => fn.local("v128"));
    this.total(accumulators, this.sizeOf(code.reduced), (levels) =>
      this.inBlocks(this.spansOf(code.reduced), levels, () => this.accumulate(accumulators, count)),
    );
    const { address, offset } = this.pointers.place(output);
    accumulators.forEach((accumulator, i) => {
      const place = { dtype, lanes, address, offset: offset + i * lanes * bytesPerElement(dtype) };
      if (count === lanes) storeVector(fn, place, accumulator);
      else storeLanes(fn, place, accumulator, count);
      fn.release(accumulator);
    });
  }

  /**
   * Accumulators from their start to the combination of `steps` vectors each. A long sum that rounds is one of blocks: its error
   * grows with their length and not with its own.
   *
   * @param walk runs all steps, in blocks of some levels, the coarsest first
   */
  private total(accumulators: readonly number[], steps: number, walk: (levels: readonly Level[]) => void): void {
    const { fn } = this;
    const { sum } = this.code;
    for (const accumulator of accumulators) this.start(accumulator);
    if (!sum || steps <= leaf) {
      walk([]);
      return;
    }
    const zeros = (): number => {
      const local = fn.local("v128");
      this.start(local);
      return local;
    };
    const branches = accumulators.map(zeros);
    const joinLeaves = (): void =>
      branches.forEach((whole, i) => {
        fn.get(whole);
        fn.get(accumulators[i]);
        fn.op(sum.add);
        fn.set(whole);
        this.start(accumulators[i]);
      });
    const leaves: Level = { limit: leaf, flush: joinLeaves };
    if (steps <= branch) {
      walk([leaves]);
      accumulators.forEach((accumulator, i) => {
        fn.get(branches[i]);
        fn.set(accumulator);
      });
    } else {
      const totals = accumulators.map(() => ({ total: zeros(), lost: zeros() }));
      const joinBranches = (): void =>
        branches.forEach((part, i) => {
          emitAddPart(fn, sum, totals[i], part);
          this.start(part);
        });
      walk([{ limit: branch, flush: joinBranches }, leaves]);
      accumulators.forEach((accumulator, i) => {
        pushCorrected(fn, sum, totals[i]);
        fn.set(accumulator);
      });
      for (const local of totals.flatMap(({ total, lost }) => [total, lost])) fn.release(local);
    }
    for (const local of branches) fn.release(local);
  }

  /** accumulator = accumulator ∘ expression, for neighbouring vectors along the last axis. */
  private accumulate(accumulators: readonly number[], count: number): void {
    const { fn, code, pointers, last } = this;
    const { inputs, lanes, op } = code;
    accumulators.forEach((accumulator, i) => {
      const load = (input: number): void =>
        loadOperand(fn, pointers, inputs[input], { axis: last, lanes, count, shift: i * lanes });
      const [value] = this.arithmetic.emit(load);
      fn.get(accumulator);
      fn.get(value);
      fn.op(op);
      fn.set(accumulator);
      fn.release(value);
    });
  }

  /** Lanes behind the end keep what they have. */
  private accumulateTail(accumulator: number, count: number): void {
    const { fn, code } = this;
    const before = fn.local("v128");
    fn.get(accumulator);
    fn.set(before);
    this.accumulate([accumulator], count);
    const bytes = bytesPerElement(code.dtype);
    fn.get(accumulator);
    fn.get(before);
    fn.v128(firstLanes(count, bytes));
    fn.op(v128.bitselect);
    fn.set(accumulator);
    fn.release(before);
  }

  /** The combination of all accumulators in the first, as a tree. */
  private combineAll(accumulators: readonly number[]): void {
    const { fn, code } = this;
    for (let distance = 1; distance < accumulators.length; distance *= 2) {
      for (let i = 0; i + distance < accumulators.length; i += 2 * distance) {
        fn.get(accumulators[i]);
        fn.get(accumulators[i + distance]);
        fn.op(code.op);
        fn.set(accumulators[i]);
      }
    }
  }

  /** The combination of all lanes into the first. */
  private combineLanes(accumulator: number): void {
    const { fn, code } = this;
    const bytes = bytesPerElement(code.dtype);
    for (let distance = code.lanes / 2; distance >= 1; distance /= 2) {
      fn.get(accumulator);
      fn.get(accumulator);
      fn.get(accumulator);
      fn.shuffle(turnedLanes(distance, bytes));
      fn.op(code.op);
      fn.set(accumulator);
    }
  }

  private start(accumulator: number): void {
    const { dtype, start } = this.code;
    const wide = new Float64Array(2).fill(start);
    const narrow = dtype === "float32" ? new Float32Array(4).fill(start) : new Int32Array(4).fill(start);
    this.fn.v128(new Uint8Array(dtype === "float64" ? wide.buffer : narrow.buffer));
    this.fn.set(accumulator);
  }

  private sizeOf(axes: readonly number[]): number {
    return axes.reduce((product, axis) => product * this.code.shape[axis], 1);
  }

  private spansOf(axes: readonly number[]): Span[] {
    return axes.map((axis) => ({ axis, stride: 1, rounds: this.code.shape[axis] }));
  }

  private inBlocks(spans: readonly Span[], levels: readonly Level[], body: () => void): void {
    inBlocks(this.fn, this.pointers, spans, levels, body);
  }

  private nest(axes: readonly number[], body: () => void): void {
    nest(this.fn, this.pointers, this.code.shape, axes, body);
  }

  private forUnits(axis: number, size: number, body: (unit: number) => void): void {
    forUnits(this.fn, this.pointers, axis, size, body);
  }

  private forVectors(from: number, to: number, step: number, body: () => void): void {
    forSteps(this.fn, this.pointers, this.last, { from, to, step }, body);
  }
}

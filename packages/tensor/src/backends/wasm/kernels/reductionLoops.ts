import type { Node } from "../../../expression/graph.ts";
import type { FunctionBuilder } from "../assembler/index.ts";
import { ConstantPool, KernelBody, type LaneCount } from "../vector/index.ts";
import type { Accumulator, AccumulatorState } from "./accumulator.ts";
import { inBlocks, type Level, type Span } from "./blocks.ts";
import { isGathered, loadOperand, type Operand, storeOperand } from "./operand.ts";
import { forSteps, forWorkItems, nest, Pointers } from "./pointers.ts";
import { forWorkItemSize } from "./workItems.ts";

/** A reduction over collapsed axes. */
export interface Reduction {
  /** The reduced expression. */
  readonly node: Node;
  readonly shape: readonly number[];
  readonly kept: readonly number[];
  readonly reduced: readonly number[];
  readonly inputs: readonly Operand[];
  readonly output: Operand;
  readonly laneCount: LaneCount;
  readonly fma: boolean;
  /** @param isAcross whether lanes are neighbours along a reduced axis */
  accumulator(fn: FunctionBuilder, laneCount: LaneCount, isAcross: boolean): Accumulator;
}

/**
 * Writes the loops of one reduction over its work items [lo, hi). Along a kept last axis each lane has a result of its own; along a
 * reduced one lanes share a result and are combined at the end.
 */
export class ReductionLoops {
  private readonly fn: FunctionBuilder;
  private readonly code: Reduction;
  private readonly pointers: Pointers;
  private readonly arithmetic: KernelBody;
  private readonly accumulator: Accumulator;
  private readonly last: number;
  /** Elements of all vectors side by side. */
  private readonly width: number;

  constructor(fn: FunctionBuilder, code: Reduction) {
    this.fn = fn;
    this.code = code;
    this.pointers = new Pointers(fn);
    const { node, fma, laneCount, kept } = code;
    this.arithmetic = new KernelBody(fn, [node], { fma, constants: new ConstantPool(fn), laneCount });
    this.last = code.shape.length - 1;
    this.accumulator = code.accumulator(fn, laneCount, !kept.includes(this.last));
    this.width = this.accumulator.vectors * laneCount;
    for (const operand of [...code.inputs, code.output]) this.pointers.place(operand);
  }

  /** @returns how many work items there are */
  emit(): number {
    const { code, last } = this;
    const [first, ...others] = code.kept;
    if (first === undefined) {
      this.pointers.beginAt(last, 0, 0);
      this.row();
      return 1;
    }
    if (first === last) return this.columnItems();
    const isColumns = others.includes(last);
    forWorkItems(this.fn, this.pointers, first, 1, () => {
      this.nest(
        others.filter((axis) => axis !== last),
        () => (isColumns ? this.columns() : this.row()),
      );
    });
    return code.shape[first];
  }

  /** One row of results, each of a column: a work item is a few vectors of them. */
  private columnItems(): number {
    const { fn, width, last } = this;
    const size = this.code.shape[last];
    forWorkItems(fn, this.pointers, last, width, (workItem) => {
      forWorkItemSize(fn, workItem, { size, perItem: width }, (count) => {
        if (count === width) this.columnBlock();
        else this.narrowBlock(count, false);
      });
    });
    return Math.ceil(size / width);
  }

  /** A row of results, each of a column. */
  private columns(): void {
    const { last, width } = this;
    const size = this.code.shape[last];
    const whole = size - (size % width);
    this.forVectors(0, whole, width, () => this.columnBlock());
    if (size > whole) this.narrowBlock(size - whole, true);
    this.pointers.advance(last, -whole);
  }

  /** The columns that do not fill a block: whole vectors together, then the rest of one. */
  private narrowBlock(columns: number, isExact: boolean): void {
    const { laneCount, inputs } = this.code;
    // Behind the last result of all there is room for a whole vector, unless its elements are gathered.
    const mayOverrun = !isExact && !inputs.some((operand) => isGathered(operand, this.last));
    const vectors = mayOverrun ? Math.ceil(columns / laneCount) : Math.floor(columns / laneCount);
    if (vectors > 0) this.columnBlock(vectors);
    const left = columns - vectors * laneCount;
    if (left <= 0) return;
    this.pointers.advance(this.last, vectors * laneCount);
    this.columnBlock(1, left);
    this.pointers.advance(this.last, -vectors * laneCount);
  }

  /** Some vectors of results side by side. */
  private columnBlock(vectors = this.accumulator.vectors, count: number = this.code.laneCount): void {
    const { reduced } = this.code;
    const states = this.begin(vectors);
    this.accumulator.total(states, this.sizeOf(reduced), (levels) =>
      this.inBlocks(this.spansOf(reduced), levels, () => this.accept(states, count)),
    );
    this.store(states, count);
  }

  /** One result of a row: vectors of partial results side by side, combined at the end. */
  private row(): void {
    const { code, last, width, accumulator } = this;
    const { shape, laneCount } = code;
    const size = shape[last];
    const [blocks, whole] = [size - (size % width), size - (size % laneCount)];
    const others = code.reduced.filter((axis) => axis !== last);
    const middle: Span = { axis: last, stride: width, rounds: blocks / width, stays: true };
    const steps = middle.rounds + (whole - blocks) / laneCount + (size > whole ? 1 : 0);
    const states = this.begin(blocks > 0 ? accumulator.vectors : 1);
    const first = states.slice(0, 1);
    const rest = (): void => {
      if (whole > blocks) this.forVectors(blocks, whole, laneCount, () => this.accept(first, laneCount));
      if (size > whole) this.accept(first, size - whole, true);
      this.pointers.advance(last, -whole);
    };
    accumulator.total(states, steps * this.sizeOf(others), (levels) => {
      const finest = levels[levels.length - 1]?.limit ?? Number.POSITIVE_INFINITY;
      if (steps <= finest) {
        // A whole row is one round.
        const perRow = levels.map((level) => ({ ...level, limit: Math.floor(level.limit / steps) }));
        this.inBlocks(this.spansOf(others), perRow, () => {
          if (blocks > 0) this.inBlocks([middle], [], () => this.accept(states, laneCount));
          rest();
        });
        return;
      }
      this.nest(others, () => {
        this.inBlocks([middle], levels, () => this.accept(states, laneCount));
        rest();
        for (const level of [...levels].reverse()) level.flush();
      });
    });
    accumulator.combine(states);
    this.store(first, 1);
  }

  private begin(vectors: number): AccumulatorState[] {
    return Array.from({ length: vectors }, () => this.accumulator.begin());
  }

  /** Combines neighbouring vectors of the expression along the last axis with states. */
  private accept(states: readonly AccumulatorState[], count: number, isPart = false): void {
    const { fn, code, pointers, last } = this;
    states.forEach((state, i) => {
      const place = { axis: last, laneCount: code.laneCount, count, shift: i * code.laneCount };
      const [value] = this.arithmetic.emit((input) => loadOperand(fn, pointers, code.inputs[input], place));
      this.accumulator.accept(state, value, isPart ? count : undefined);
      fn.release(value);
    });
  }

  /** Writes the first `count` results of states, vector by vector, and releases the states. */
  private store(states: readonly AccumulatorState[], count: number): void {
    const { fn, code, pointers, last: axis } = this;
    const { laneCount, output } = code;
    states.forEach((state, i) => {
      const results = this.accumulator.results(state);
      storeOperand(fn, pointers, output, { axis, laneCount, count, shift: i * laneCount }, results);
    });
    for (const local of states.flat()) fn.release(local);
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

  private forVectors(from: number, to: number, step: number, body: () => void): void {
    forSteps(this.fn, this.pointers, this.last, { from, to, step }, body);
  }
}

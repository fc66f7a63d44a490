import type { FunctionBuilder } from "../assembler/functionBuilder.ts";
import { i32, type Opcode, v128 } from "../assembler/opcodes.ts";
import { emitAddPart, pushCorrected } from "./compensatedSum.ts";
import { type ElementFormat, multiplyAdd, storePart } from "./elementFormat.ts";
import { copyLocal } from "./localArithmetic.ts";

/** A tile of a product C += A·B that stays in registers while k runs. */
export interface Tile {
  readonly format: ElementFormat;
  readonly fma: boolean;
  readonly rows: number;
  /** Vectors side by side. */
  readonly vectors: number;
  /** Columns that are stored: the rest of the last vector is padding. */
  readonly columns: number;
  /** Length of the inner dimension. */
  readonly k: number;
  /** Bytes between rows of A, and between its neighbours along k. */
  readonly aRow: number;
  readonly aStep: number;
  /** Bytes between neighbours of B along k. */
  readonly bStep: number;
  /** Bytes between rows of C, and between rows of its rounding errors. */
  readonly cRow: number;
  readonly lostRow: number;
  /** Which blocks of steps the sum covers. */
  readonly part: ProductPart;
}

/**
 * Whether a tile's steps are all there are, or the first, some, or the last of several blocks of steps: then C is the total so
 * far, and its rounding errors are kept beside it.
 */
export type ProductPart = "all" | "first" | "more" | "last";

/**
 * Steps whose products are added one after another before their sum joins others, and those of a block of such blocks: of up to 512
 * steps, the most of a tile, at most 11 + 5 + 7 additions follow each other, less than 2·10⁻⁷·log₂ k of Σ|terms| in float32.
 */
const blocks = [72, 12];

/** Locals that hold the addresses of a tile's parts; they are not changed. */
export interface TileAddresses {
  readonly a: number;
  /** Rows of `vectors` vectors of B. */
  readonly b: number;
  readonly c: number;
  /** Rounding errors of C, if there are several blocks of steps; whole vectors. */
  readonly lost?: number;
}

/** One step of k a round: unrolling it makes V8 of Node 20 and 22 spill registers. */
export function emitTile(fn: FunctionBuilder, tile: Tile, at: TileAddresses): void {
  const { format, rows, vectors, k, aStep } = tile;
  const accumulators = Array.from({ length: rows * vectors }, () => fn.local("v128"));
  const columns = Array.from({ length: vectors }, () => fn.local("v128"));
  const [splat, a, b, counter] = [fn.local("v128"), fn.local("i32"), fn.local("i32"), fn.local("i32")];
  const zero = (locals: readonly number[]): void => {
    for (const local of locals) {
      fn.v128(new Uint8Array(16));
      fn.set(local);
    }
  };
  copyLocal(fn, at.a, a);
  copyLocal(fn, at.b, b);
  const step = (): void => {
    columns.forEach((column, j) => {
      fn.get(b);
      fn.memory(v128.load, 16 * j);
      fn.set(column);
    });
    for (let row = 0; row < rows; row++) {
      fn.get(a);
      fn.memory(format.splatLoad, row * tile.aRow);
      fn.set(splat);
      columns.forEach((column, j) => {
        multiplyAdd(
          fn,
          format,
          tile.fma,
          () => fn.get(splat),
          () => fn.get(column),
          accumulators[row * vectors + j],
        );
      });
    }
    fn.addTo(a, aStep);
    fn.addTo(b, tile.bStep);
  };
  /** All steps that a local counts, at least one. */
  const steps = (left: number): void =>
    fn.loop((again) => {
      step();
      fn.get(left);
      fn.i32(1);
      fn.op(i32.sub);
      fn.tee(left);
      fn.brIf(again);
    });
  zero(accumulators);
  const limits = format.sum ? blocks.filter((limit) => limit < k) : [];
  const all = { counter, accumulators, add: format.add, zero, steps };
  if (limits.length === 1 && k <= 2 * limits[0]) inTwoBlocks(fn, all, [limits[0], k]);
  else {
    fn.i32(k);
    fn.set(counter);
    inBlocksOfSteps(fn, all, limits);
  }
  finishTile(fn, tile, at, accumulators);
  for (const local of [...accumulators, ...columns, splat, a, b, counter]) fn.release(local);
}

/** Columns of vector j that exist. */
const columnsOf = ({ columns, format }: Tile, j: number): number => Math.min(format.count, columns - j * format.count);

/** A tile's steps: a local holds their number and is 0 at the end. */
interface Steps {
  readonly counter: number;
  readonly accumulators: readonly number[];
  readonly add: Opcode;
  zero(locals: readonly number[]): void;
  steps(left: number): void;
}

/** One block of steps and a shorter last one: their number is known, and loops of constant length end where the processor expects it. */
function inTwoBlocks(
  fn: FunctionBuilder,
  { counter, accumulators, add, zero, steps }: Steps,
  [limit, k]: readonly [number, number],
): void {
  const sums = accumulators.map(() => fn.local("v128"));
  const block = (count: number, targets: readonly number[]): void => {
    fn.i32(count);
    fn.set(counter);
    steps(counter);
    targets.forEach((target, i) => {
      fn.get(sums[i]);
      fn.get(accumulators[i]);
      fn.op(add);
      fn.set(target);
    });
  };
  zero(sums);
  block(limit, sums);
  zero(accumulators);
  block(k - limit, accumulators);
  for (const local of sums) fn.release(local);
}

/** Steps in blocks of some lengths, the longest first; the accumulators start at zero, and are the sum of all of them in the end. */
function inBlocksOfSteps(fn: FunctionBuilder, all: Steps, [limit, ...finer]: readonly number[]): void {
  const { counter, accumulators, add, zero, steps } = all;
  if (limit === undefined) {
    steps(counter);
    return;
  }
  const sums = accumulators.map(() => fn.local("v128"));
  const left = fn.local("i32");
  zero(sums);
  fn.loop((again) => {
    // left = min(counter, limit)
    fn.get(counter);
    fn.i32(limit);
    fn.get(counter);
    fn.i32(limit);
    fn.op(i32.ltU);
    fn.select();
    fn.set(left);
    fn.get(counter);
    fn.get(left);
    fn.op(i32.sub);
    fn.set(counter);
    inBlocksOfSteps(fn, { ...all, counter: left }, finer);
    accumulators.forEach((accumulator, i) => {
      fn.get(sums[i]);
      fn.get(accumulator);
      fn.op(add);
      fn.set(sums[i]);
    });
    zero(accumulators);
    fn.get(counter);
    fn.brIf(again);
  });
  accumulators.forEach((accumulator, i) => {
    copyLocal(fn, sums[i], accumulator);
  });
  for (const local of [...sums, left]) fn.release(local);
}

/** Adds a tile to the sums of earlier blocks of steps in C, and stores it. */
function finishTile(fn: FunctionBuilder, tile: Tile, at: TileAddresses, accumulators: readonly number[]): void {
  const { part, format, vectors, cRow, lostRow } = tile;
  const [total, lost] = [fn.local("v128"), fn.local("v128")];
  accumulators.forEach((accumulator, i) => {
    const [row, j] = [Math.floor(i / vectors), i % vectors];
    const load = (address: number, offset: number, local: number): void => {
      fn.get(address);
      fn.memory(v128.load, offset);
      fn.set(local);
    };
    const [place, lostPlace] = [row * cRow + 16 * j, row * lostRow + 16 * j];
    // A part of a vector may be loaded whole: the bytes behind it belong to the memory, and are not stored back.
    if (part === "more" || part === "last") load(at.c, place, total);
    if (!format.sum) {
      if (part === "all" || part === "first") return;
      fn.get(accumulator);
      fn.get(total);
      fn.op(format.add);
      fn.set(accumulator);
      return;
    }
    if (part === "all") return;
    if (part === "first") {
      fn.v128(new Uint8Array(16));
      fn.set(lost);
    } else {
      load(at.lost!, lostPlace, lost);
      emitAddPart(fn, format.sum, { total, lost }, accumulator);
      if (part === "last") pushCorrected(fn, format.sum, { total, lost });
      else fn.get(total);
      fn.set(accumulator);
    }
    if (part === "last") return;
    fn.get(at.lost!);
    fn.get(lost);
    fn.memory(v128.store, lostPlace);
  });
  fn.release(total);
  fn.release(lost);
  storeAccumulators(fn, tile, at, accumulators);
}

function storeAccumulators(fn: FunctionBuilder, tile: Tile, at: TileAddresses, accumulators: readonly number[]): void {
  accumulators.forEach((accumulator, i) => {
    const [row, j] = [Math.floor(i / tile.vectors), i % tile.vectors];
    storePart(fn, tile.format, accumulator, columnsOf(tile, j), () => fn.get(at.c), row * tile.cRow + 16 * j);
  });
}

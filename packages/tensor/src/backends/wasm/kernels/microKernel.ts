import type { FunctionBuilder } from "../assembler/functionBuilder.ts";
import { i32, v128 } from "../assembler/opcodes.ts";
import { type Lane, multiplyAdd, storePart } from "./lane.ts";

/** A tile of a product C += A·B that stays in registers while k runs. */
export interface Tile {
  readonly lane: Lane;
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
  /** Bytes between rows of C. */
  readonly cRow: number;
  /** Start from what C holds instead of 0. */
  readonly accumulates: boolean;
}

/** Locals that hold the addresses of a tile's parts; they are not changed. */
export interface TileAddresses {
  readonly a: number;
  /** A panel of B: k rows of `vectors` vectors. */
  readonly b: number;
  readonly c: number;
}

/** One step of k a round: unrolling it makes V8 of Node 20 and 22 spill registers. */
export function emitTile(fn: FunctionBuilder, tile: Tile, at: TileAddresses): void {
  const { lane, rows, vectors, k, aStep } = tile;
  const accumulators = Array.from({ length: rows * vectors }, () => fn.local("v128"));
  const columns = Array.from({ length: vectors }, () => fn.local("v128"));
  const [splat, a, b, counter] = [fn.local("v128"), fn.local("i32"), fn.local("i32"), fn.local("i32")];
  startAccumulators(fn, tile, at, accumulators);
  copyLocal(fn, at.a, a);
  copyLocal(fn, at.b, b);
  fn.i32(k);
  fn.set(counter);
  fn.loop((again) => {
    columns.forEach((column, j) => {
      fn.get(b);
      fn.memory(v128.load, 16 * j);
      fn.set(column);
    });
    for (let row = 0; row < rows; row++) {
      fn.get(a);
      fn.memory(lane.splatLoad, row * tile.aRow);
      fn.set(splat);
      columns.forEach((column, j) => {
        multiplyAdd(
          fn,
          lane,
          tile.fma,
          () => fn.get(splat),
          () => fn.get(column),
          accumulators[row * vectors + j],
        );
      });
    }
    fn.addTo(a, aStep);
    fn.addTo(b, 16 * vectors);
    fn.get(counter);
    fn.i32(1);
    fn.op(i32.sub);
    fn.tee(counter);
    fn.brIf(again);
  });
  storeAccumulators(fn, tile, at, accumulators);
  for (const local of [...accumulators, ...columns, splat, a, b, counter]) fn.release(local);
}

function copyLocal(fn: FunctionBuilder, from: number, to: number): void {
  fn.get(from);
  fn.set(to);
}

/** Columns of vector j that exist. */
const columnsOf = ({ columns, lane }: Tile, j: number): number => Math.min(lane.count, columns - j * lane.count);

function startAccumulators(fn: FunctionBuilder, tile: Tile, at: TileAddresses, accumulators: readonly number[]): void {
  accumulators.forEach((accumulator, i) => {
    const [row, j] = [Math.floor(i / tile.vectors), i % tile.vectors];
    // A part of a vector may be loaded whole: what lies behind it is memory too, and is not stored back.
    if (tile.accumulates) {
      fn.get(at.c);
      fn.memory(v128.load, row * tile.cRow + 16 * j);
    } else fn.v128(new Uint8Array(16));
    fn.set(accumulator);
  });
}

function storeAccumulators(fn: FunctionBuilder, tile: Tile, at: TileAddresses, accumulators: readonly number[]): void {
  accumulators.forEach((accumulator, i) => {
    const [row, j] = [Math.floor(i / tile.vectors), i % tile.vectors];
    storePart(fn, tile.lane, accumulator, columnsOf(tile, j), () => fn.get(at.c), row * tile.cRow + 16 * j);
  });
}

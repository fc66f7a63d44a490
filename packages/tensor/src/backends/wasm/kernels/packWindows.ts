import { type FunctionBuilder, i32, v128 } from "../assembler/index.ts";
import { addScaledTo, scale, setQuotient, setRemainder, times } from "./localArithmetic.ts";
import { setScaled } from "./pack.ts";
import { packPictures } from "./packPictures.ts";
import { packedSteps, stepBytes } from "./product.ts";
import { storeTurned } from "./storeTurned.ts";
import type { WindowProduct } from "./windowProduct.ts";
import { inRuns, pushDistance, pushIsInside, setAddress, type WindowTile } from "./windowTile.ts";

/** Packs steps of a tile: the rows of a step side by side, one step after the other. */
export function emitPackWindows(fn: FunctionBuilder, product: WindowProduct, tile: WindowTile): void {
  if (product.order === "places") packPlaces(fn, product, tile);
  else packPictures(fn, product, tile);
}

/** Most channels that lie in one step after another, so that the row of the picture is found once for all columns of the kernel. */
const fewChannels = 3;

/** A row of a tile: the address of its picture, and the place in it that the first place of the kernel reads. */
interface OutputRow {
  readonly base: number;
  readonly y: number;
  readonly x: number;
  /** The address that is read, and bytes to the next channel, which are 0 beside the picture. */
  readonly pointer: number;
  readonly advance: number;
}

/** Rows of a tile are outputs: each has a place in its picture, and for every place of the kernel an address. */
function packPlaces(fn: FunctionBuilder, product: WindowProduct, tile: WindowTile): void {
  const rows = Array.from({ length: tile.rows }, (_, row) => outputRow(fn, product, tile, row));
  const { channels, strides } = product.picture;
  const isDense = channels === 1 || strides.channel === product.format.bytes;
  if (channels <= fewChannels && isDense && product.k <= packedSteps) packColumns(fn, product, tile, rows);
  else packChannels(fn, product, tile, rows);
}

function outputRow(fn: FunctionBuilder, product: WindowProduct, tile: WindowTile, row: number): OutputRow {
  const { stride, low, size } = product.params;
  const [base, y, x, output] = [fn.local("i32"), fn.local("i32"), fn.local("i32"), fn.local("i32")];
  fn.get(tile.inGroup);
  fn.set(output);
  scale(fn, output, product.tileRows, row);
  if (product.groups > 1) addScaledTo(fn, output, tile.group, product.m);
  setQuotient(fn, y, output, size[0] * size[1]);
  setScaled(fn, base, tile.a, y, product.picture.strides.picture);
  setRemainder(fn, y, output, size[0] * size[1]);
  setRemainder(fn, x, y, size[1]);
  setQuotient(fn, y, y, size[1]);
  scale(fn, y, stride[0], -low[0]);
  scale(fn, x, stride[1], -low[1]);
  fn.release(output);
  return { base, y, x, pointer: fn.local("i32"), advance: fn.local("i32") };
}

/** Packs runs of channels, one for each place of the kernel. */
function packChannels(fn: FunctionBuilder, product: WindowProduct, tile: WindowTile, rows: readonly OutputRow[]): void {
  const { params, picture, kernel } = product;
  const { dilation } = params;
  const [ky, kx, channel] = [fn.local("i32"), fn.local("i32"), fn.local("i32")];
  const [y, x, isInside] = [fn.local("i32"), fn.local("i32"), fn.local("i32")];
  inRuns(fn, tile, picture.channels, (step, run) => {
    setRemainder(fn, channel, step, picture.channels);
    setQuotient(fn, kx, step, picture.channels);
    setQuotient(fn, ky, kx, kernel[1]);
    setRemainder(fn, kx, kx, kernel[1]);
    for (const row of rows) {
      setScaled(fn, y, { local: row.y }, ky, dilation[0]);
      setScaled(fn, x, { local: row.x }, kx, dilation[1]);
      pushIsInside(fn, product, 0, y);
      pushIsInside(fn, product, 1, x);
      fn.op(i32.and);
      fn.set(isInside);
      setScaled(fn, row.pointer, { local: row.base }, channel, picture.strides.channel);
      fn.get(row.pointer);
      pushDistance(fn, product, 0, y);
      fn.op(i32.add);
      pushDistance(fn, product, 1, x);
      fn.op(i32.add);
      fn.get(tile.zeros);
      fn.get(isInside);
      fn.select();
      fn.set(row.pointer);
      fn.i32(picture.strides.channel);
      fn.i32(0);
      fn.get(isInside);
      fn.select();
      fn.set(row.advance);
    }
    packRun(fn, product, tile, rows, run);
  });
}

/** Packs rows of the kernel place by place, for few channels. All steps are one block. */
function packColumns(fn: FunctionBuilder, product: WindowProduct, tile: WindowTile, rows: readonly OutputRow[]): void {
  const { params, picture, kernel, format } = product;
  const [ky, y, count] = [fn.local("i32"), fn.local("i32"), fn.local("i32")];
  const places = rows.map((row) => ({
    ...row,
    isInside: fn.local("i32"),
    start: fn.local("i32"),
    column: fn.local("i32"),
  }));
  fn.i32(kernel[1]);
  fn.set(count);
  inRuns(fn, tile, kernel[1] * picture.channels, (step) => {
    setQuotient(fn, ky, step, kernel[1] * picture.channels);
    for (const row of places) {
      setScaled(fn, y, { local: row.y }, ky, params.dilation[0]);
      pushIsInside(fn, product, 0, y);
      fn.set(row.isInside);
      fn.get(row.base);
      pushDistance(fn, product, 0, y);
      fn.op(i32.add);
      fn.set(row.start);
      fn.get(row.x);
      fn.set(row.column);
    }
    times(fn, count, 1, () => {
      for (const { pointer, start, column, isInside } of places) {
        setAddress(fn, product, tile, pointer, { start, column, isInside });
        fn.addTo(column, params.dilation[1]);
      }
      for (let channel = 0; channel < picture.channels; channel++) {
        packStep(fn, product, tile.target, places, channel * format.bytes);
      }
    });
  });
}

/** Packs a run of channels. */
function packRun(
  fn: FunctionBuilder,
  product: WindowProduct,
  { target }: WindowTile,
  rows: readonly OutputRow[],
  run: number,
): void {
  const { format, picture } = product;
  const isTurned =
    format.bytes === 4 && rows.length % 4 === 0 && picture.strides.channel === 4 && picture.channels % 4 === 0;
  if (isTurned) {
    times(fn, run, 4, () => packTurned(fn, product, target, rows));
    return;
  }
  times(fn, run, 1, () => {
    packStep(fn, product, target, rows, 0);
    for (const { pointer, advance } of rows) addScaledTo(fn, pointer, advance, 1);
  });
}

/** Packs one step, lane by lane; its elements are some bytes behind the pointers. */
function packStep(
  fn: FunctionBuilder,
  product: WindowProduct,
  target: number,
  rows: readonly OutputRow[],
  offset: number,
): void {
  const { format } = product;
  const vector = fn.local("v128");
  for (let j = 0; j < stepBytes(product) / 16; j++) {
    fn.v128(new Uint8Array(16));
    fn.set(vector);
    rows.slice(j * format.count, (j + 1) * format.count).forEach(({ pointer }, lane) => {
      fn.get(pointer);
      fn.get(vector);
      fn.memoryLane(format.loadLane, lane, offset);
      fn.set(vector);
    });
    fn.get(target);
    fn.get(vector);
    fn.memory(v128.store, 16 * j);
  }
  fn.addTo(target, stepBytes(product));
  fn.release(vector);
}

/** Four channels of all rows: matrices of 4 × 4 numbers are transposed in registers. */
function packTurned(fn: FunctionBuilder, product: WindowProduct, target: number, rows: readonly OutputRow[]): void {
  for (let first = 0; first < rows.length; first += 4) {
    const loaded = rows.slice(first, first + 4).map(({ pointer, advance }) => {
      const local = fn.local("v128");
      fn.get(pointer);
      fn.memory(v128.load);
      fn.set(local);
      addScaledTo(fn, pointer, advance, 4);
      return local;
    });
    storeTurned(fn, loaded, target, { first: first * 4, between: stepBytes(product) });
    for (const local of loaded) fn.release(local);
  }
  fn.addTo(target, 4 * stepBytes(product));
}

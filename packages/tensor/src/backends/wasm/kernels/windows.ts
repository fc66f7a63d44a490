import { type FunctionBuilder, i32, v128 } from "../assembler/index.ts";
import { addScaledTo, setQuotient, setRemainder } from "./localArithmetic.ts";
import { emitTile } from "./microKernel.ts";
import type { MultiplicationPlaces } from "./multiplication.ts";
import { type Address, setScaled } from "./pack.ts";
import { emitPackWindows } from "./packWindows.ts";
import { lostRowBytes, packedSteps, rowBlock, stepBytes, tileBytes } from "./product.ts";
import { forEachPanel, forEachRowBlock, forEachStepBlock, tileOf } from "./productEmitter.ts";
import type { WindowProduct } from "./windowProduct.ts";
import { zeroBytes } from "./windowTile.ts";

export type { WindowProduct } from "./windowProduct.ts";

/** Tiles of a group of rows. */
export const blockTiles = ({ m, tileRows }: WindowProduct): number => Math.ceil(m / tileRows);

/** Bytes that a chunk packs at a time: zeros, then the tiles of a block of rows. */
const slotBytes = (product: WindowProduct): number => zeroBytes + (rowBlock / product.tileRows) * tileBytes(product);

const hasLost = ({ k, format }: WindowProduct): boolean => k > packedSteps && format.sum !== undefined;

/** Bytes of the rounding errors of a tile. */
const lostTileBytes = (product: WindowProduct): number => product.tileRows * lostRowBytes(product);

/** Bytes of scratch besides panels: a slot for each chunk, then rounding errors. */
export function windowScratchBytes(product: WindowProduct, chunks: number): number {
  const tiles = blockTiles(product) * product.groups;
  return chunks * slotBytes(product) + (hasLost(product) ? tiles * lostTileBytes(product) : 0);
}

/**
 * Multiplies windows of pictures with panels, work items [lo, hi) in locals 0 and 1. Windows are packed in blocks of rows and of
 * steps, into the slot of the chunk. The sum of an output has the order of a packed product.
 */
export function emitWindows(
  fn: FunctionBuilder,
  product: WindowProduct,
  { a, panels, c, packed, chunk }: MultiplicationPlaces,
  chunks: number,
): void {
  const [block, end, start, slot, lost] = [0, 0, 0, 0, 0].map(() => fn.local("i32"));
  setScaled(fn, slot, packed, chunk, slotBytes(product));
  setScaled(fn, lost, packed, chunk, 0);
  fn.addTo(lost, chunks * slotBytes(product));
  for (let at = 0; at < zeroBytes; at += 16) {
    fn.get(slot);
    fn.v128(new Uint8Array(16));
    fn.memory(v128.store, at);
  }
  const at: Block = { block, end, start, slot, lost, a, panels, c };
  const stepBlock = (steps: number, part: Parameters<typeof multiplyBlock>[4]): void => {
    packBlock(fn, product, at, steps);
    multiplyBlock(fn, product, at, steps, part);
  };
  // A block of rows has few panels, all of which stay in the cache; a gradient has few rows and many steps.
  if (product.order === "places") {
    forEachRowBlock(fn, product, block, end, () => forEachStepBlock(fn, product, start, stepBlock));
  } else {
    forEachStepBlock(fn, product, start, (steps, part) =>
      forEachRowBlock(fn, product, block, end, () => stepBlock(steps, part)),
    );
  }
}

/** Locals of a block of rows and steps, and addresses. */
interface Block {
  readonly block: number;
  readonly end: number;
  readonly start: number;
  readonly slot: number;
  readonly lost: number;
  readonly a: Address;
  readonly panels: Address;
  readonly c: Address;
}

/** Runs over the tiles of a block, with the number of each and its number in its group in locals. */
function forEachTile(
  fn: FunctionBuilder,
  product: WindowProduct,
  { block, end }: Block,
  body: (tile: number, group: number, inGroup: number) => void,
): void {
  const [tile, group, inGroup] = [fn.local("i32"), fn.local("i32"), fn.local("i32")];
  fn.get(block);
  fn.set(tile);
  fn.countedLoop(
    tile,
    () => fn.get(end),
    1,
    () => {
      setQuotient(fn, group, tile, blockTiles(product));
      setRemainder(fn, inGroup, tile, blockTiles(product));
      body(tile, group, inGroup);
    },
  );
  for (const local of [tile, group, inGroup]) fn.release(local);
}

/** Emits a body for tiles of all rows, and for the last tile of a group where it has fewer. */
function withRows(fn: FunctionBuilder, product: WindowProduct, inGroup: number, body: (rows: number) => void): void {
  const { m, tileRows } = product;
  const rest = m % tileRows;
  if (rest === 0) {
    body(tileRows);
    return;
  }
  fn.get(inGroup);
  fn.i32(blockTiles(product) - 1);
  fn.op(i32.ltU);
  fn.if(
    () => body(tileRows),
    () => body(rest),
  );
}

/** local = base + (tile − first tile of the block)·bytes */
function setInBlock(
  fn: FunctionBuilder,
  target: number,
  base: number,
  { block }: Block,
  tile: number,
  bytes: number,
): void {
  setScaled(fn, target, { local: base }, tile, bytes);
  addScaledTo(fn, target, block, -bytes);
}

function packBlock(fn: FunctionBuilder, product: WindowProduct, at: Block, steps: number): void {
  const target = fn.local("i32");
  forEachTile(fn, product, at, (tile, group, inGroup) => {
    setInBlock(fn, target, at.slot, at, tile, tileBytes(product));
    fn.addTo(target, zeroBytes);
    withRows(fn, product, inGroup, (rows) =>
      fn.withOwnLocals(() =>
        emitPackWindows(fn, product, { a: at.a, zeros: at.slot, start: at.start, target, group, inGroup, rows, steps }),
      ),
    );
  });
  fn.release(target);
}

/** pointer += bytes from the first group of C to that in a local */
function addGroup(fn: FunctionBuilder, { groups, cGroups }: WindowProduct, pointer: number, group: number): void {
  if (groups === 1) return;
  const part = fn.local("i32");
  const { run, inRun, betweenRuns } = cGroups;
  setQuotient(fn, part, group, run);
  addScaledTo(fn, pointer, part, betweenRuns);
  setRemainder(fn, part, group, run);
  addScaledTo(fn, pointer, part, inRun);
  fn.release(part);
}

function multiplyBlock(
  fn: FunctionBuilder,
  product: WindowProduct,
  at: Block,
  steps: number,
  part: "all" | "first" | "more" | "last",
): void {
  const { format, vectors, tileRows, cRow } = product;
  const [pa, pb, pc, lost] = [fn.local("i32"), fn.local("i32"), fn.local("i32"), fn.local("i32")];
  forEachPanel(fn, product, at.panels, pb, (column, columns) => {
    addScaledTo(fn, pb, at.start, vectors * 16);
    forEachTile(fn, product, at, (tile, group, inGroup) => {
      setInBlock(fn, pa, at.slot, at, tile, tileBytes(product));
      fn.addTo(pa, zeroBytes);
      setScaled(fn, pc, at.c, inGroup, tileRows * cRow);
      addGroup(fn, product, pc, group);
      column(pc);
      if (part !== "all") {
        setScaled(fn, lost, { local: at.lost }, tile, lostTileBytes(product));
        column(lost);
      }
      withRows(fn, product, inGroup, (rows) =>
        emitTile(
          fn,
          tileOf(product, { rows, columns, k: steps, aRow: format.bytes, aStep: stepBytes(product), part }),
          { a: pa, b: pb, c: pc, lost },
        ),
      );
    });
    addScaledTo(fn, pb, at.start, -vectors * 16);
  });
  for (const local of [pa, pb, pc, lost]) fn.release(local);
}

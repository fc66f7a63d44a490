import { type FunctionBuilder, i32 } from "../assembler/index.ts";
import { addConstant, addScaledTo, setMinimum } from "./localArithmetic.ts";
import { emitTile, type ProductPart, type Tile } from "./microKernel.ts";
import { type Address, emitPackPanel, pushAddress, setScaled } from "./pack.ts";
import {
  lostRowBytes,
  type Product,
  type ProductSizes,
  packedBytes,
  packedSteps,
  panelBytes,
  panelWidth,
  rowBlock,
  stepBytes,
  tileBytes,
} from "./product.ts";

/** Addresses of a product's parts. */
export interface Places {
  readonly a: Address;
  readonly panels: Address;
  readonly c: Address;
}

/** Work items [lo, hi) with rows of A where they are, in blocks that stay in the cache while all panels pass. */
export function emitRows(fn: FunctionBuilder, product: Product, { a, panels, c }: Places): void {
  const { tileRows, aRow, cRow } = product;
  const [block, end, workItem] = [fn.local("i32"), fn.local("i32"), fn.local("i32")];
  const [pa, pb, pc] = [fn.local("i32"), fn.local("i32"), fn.local("i32")];
  forEachRowBlock(fn, product, block, end, () => {
    forEachPanel(fn, product, panels, pb, (column, columns) => {
      fn.get(block);
      fn.set(workItem);
      forEachWorkItem(fn, product, workItem, end, (rows) => {
        setScaled(fn, pa, a, workItem, tileRows * aRow);
        setScaled(fn, pc, c, workItem, tileRows * cRow);
        column(pc);
        const { k, aStep } = product;
        emitTile(fn, tileOf(product, { rows, columns, k, aRow, aStep, part: "all" }), { a: pa, b: pb, c: pc });
      });
    });
  });
}

/**
 * Work items [lo, hi) with A packed: steps of k in blocks, so that a panel of B stays in the first cache, and rows in blocks, so that
 * they stay in the second. C accumulates over the blocks of steps.
 */
export function emitPacked(
  fn: FunctionBuilder,
  product: Product,
  { a, panels, c, packed }: Places & { readonly packed: Address },
): void {
  const { tileRows, aRow, aStep, format, cRow } = product;
  const [ofStep, ofTile] = [stepBytes(product), tileBytes(product)];
  const [block, end, workItem, start] = [fn.local("i32"), fn.local("i32"), fn.local("i32"), fn.local("i32")];
  const [source, target] = [fn.local("i32"), fn.local("i32")];
  const [pa, pb, pc, lost] = [fn.local("i32"), fn.local("i32"), fn.local("i32"), fn.local("i32")];
  const afterPacked = fn.local("i32");
  pushAddress(fn, packed);
  fn.i32(packedBytes(product));
  fn.op(i32.add);
  fn.set(afterPacked);
  const packRows = (steps: number): void => {
    fn.get(block);
    fn.set(workItem);
    forEachWorkItem(fn, product, workItem, end, (rows) => {
      setScaled(fn, source, a, workItem, tileRows * aRow);
      addScaledTo(fn, source, start, aStep);
      setScaled(fn, target, packed, workItem, ofTile);
      const width = ofStep / format.bytes;
      emitPackPanel(fn, { format, width, present: rows, across: aRow, along: aStep }, source, target, () =>
        fn.i32(steps),
      );
    });
  };
  const multiplySteps = (steps: number, part: ProductPart): void => {
    forEachRowBlock(fn, product, block, end, () => {
      packRows(steps);
      forEachPanel(fn, product, panels, pb, (column, columns) => {
        addScaledTo(fn, pb, start, product.vectors * 16);
        fn.get(block);
        fn.set(workItem);
        forEachWorkItem(fn, product, workItem, end, (rows) => {
          setScaled(fn, pa, packed, workItem, ofTile);
          setScaled(fn, pc, c, workItem, tileRows * cRow);
          column(pc);
          if (part !== "all") {
            setScaled(fn, lost, { local: afterPacked }, workItem, tileRows * lostRowBytes(product));
            column(lost);
          }
          const places = { a: pa, b: pb, c: pc, lost };
          emitTile(fn, tileOf(product, { rows, columns, k: steps, aRow: format.bytes, aStep: ofStep, part }), places);
        });
        addScaledTo(fn, pb, start, -product.vectors * 16);
      });
    });
  };
  forEachStepBlock(fn, product, start, multiplySteps);
}

/** Runs over blocks of steps with the first step of each in a local. */
export function forEachStepBlock(
  fn: FunctionBuilder,
  { k }: ProductSizes,
  start: number,
  body: (steps: number, part: ProductPart) => void,
): void {
  /** First step of the last block. */
  const last = Math.max(0, Math.ceil(k / packedSteps) - 1) * packedSteps;
  fn.i32(0);
  fn.set(start);
  if (last === 0) {
    body(k, "all");
    return;
  }
  body(packedSteps, "first");
  fn.i32(packedSteps);
  fn.set(start);
  fn.countedLoop(
    start,
    () => fn.i32(last),
    packedSteps,
    () => body(packedSteps, "more"),
  );
  body(k - last, "last");
}

/** A tile of a product. */
export const tileOf = (
  product: ProductSizes,
  own: Pick<Tile, "rows" | "columns" | "k" | "aRow" | "aStep" | "part">,
): Tile => {
  const { format, fma, vectors, cRow } = product;
  return { format, fma, vectors, cRow, bStep: 16 * vectors, lostRow: lostRowBytes(product), ...own };
};

/** Runs over blocks of rows that stay in the cache, with the first work item of each and its end in locals. */
export function forEachRowBlock(
  fn: FunctionBuilder,
  { tileRows }: ProductSizes,
  block: number,
  end: number,
  body: () => void,
): void {
  const itemsPerBlock = rowBlock / tileRows;
  fn.get(0);
  fn.set(block);
  fn.countedLoop(
    block,
    () => fn.get(1),
    itemsPerBlock,
    () => {
      setMinimum(
        fn,
        end,
        () => addConstant(fn, block, itemsPerBlock),
        () => fn.get(1),
      );
      body();
    },
  );
}

/** Runs over panels with their address in a local; the body is emitted once for full panels and once for a narrower last one. */
export function forEachPanel(
  fn: FunctionBuilder,
  product: ProductSizes,
  panels: Address,
  address: number,
  body: (addColumn: (pointer: number) => void, columns: number) => void,
): void {
  const width = panelWidth(product);
  const full = Math.floor(product.n / width);
  const column = fn.local("i32");
  const addColumn = (pointer: number): void => {
    fn.get(pointer);
    fn.get(column);
    fn.op(i32.add);
    fn.set(pointer);
  };
  pushAddress(fn, panels);
  fn.set(address);
  fn.i32(0);
  fn.set(column);
  fn.countedLoop(
    column,
    () => fn.i32(full * width * product.format.bytes),
    width * product.format.bytes,
    () => {
      body(addColumn, width);
      fn.addTo(address, panelBytes(product));
    },
  );
  if (product.n > full * width) body(addColumn, product.n - full * width);
  fn.release(column);
}

/** Runs a work item counter to an end (a local); the last work item may have fewer rows. */
function forEachWorkItem(
  fn: FunctionBuilder,
  { m, tileRows }: Product,
  workItem: number,
  end: number,
  body: (rows: number) => void,
): void {
  const full = Math.floor(m / tileRows);
  if (m % tileRows === 0) {
    fn.countedLoop(
      workItem,
      () => fn.get(end),
      1,
      () => body(tileRows),
    );
    return;
  }
  const limit = fn.local("i32");
  setMinimum(
    fn,
    limit,
    () => fn.get(end),
    () => fn.i32(full),
  );
  fn.countedLoop(
    workItem,
    () => fn.get(limit),
    1,
    () => body(tileRows),
  );
  fn.countedLoop(
    workItem,
    () => fn.get(end),
    1,
    () => body(m - full * tileRows),
  );
  fn.release(limit);
}

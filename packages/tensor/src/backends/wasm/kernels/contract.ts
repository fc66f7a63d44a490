import type { ContractKernel } from "../../../compiler/plan.ts";
import type { View } from "../../../compiler/view.ts";
import type { FunctionBuilder } from "../assembler/functionBuilder.ts";
import { i32 } from "../assembler/opcodes.ts";
import { type Lane, lanes } from "./lane.ts";
import type { Lowering } from "./launch.ts";
import { emitTile, type Tile } from "./microKernel.ts";
import { emitPackPanel, setScaled } from "./pack.ts";

/** One matrix product with everything static: sizes, and strides in bytes. */
interface Product {
  readonly lane: Lane;
  readonly fma: boolean;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly aRow: number;
  readonly aStep: number;
  readonly bRow: number;
  readonly bStep: number;
  readonly cRow: number;
  /** Rows and vectors of a full tile. */
  readonly tileRows: number;
  readonly vectors: number;
}

/** Rows of A that are walked for every panel of B, so that they stay in the cache. */
const rowBlock = 64;
/** Steps of k for which A is packed at a time. */
const packedSteps = 256;

/** Bytes of B as panels. */
const panelBytes = ({ k, vectors }: Product): number => k * vectors * 16;
const panelWidth = ({ vectors, lane }: Product): number => vectors * lane.count;
const panelCount = (product: Product): number => Math.ceil(product.n / panelWidth(product));

/** Lowers a product: B is packed into panels, then tiles of C are computed; a transposed operand is never copied whole. */
export function lowerContract(lowering: Lowering, kernel: ContractKernel, index: number): void {
  const [a, b] = operandViews(kernel);
  const [{ value, buffer }] = kernel.outputs;
  const rank = value.shape.length;
  const [m, n] = [value.shape[rank - 2], value.shape[rank - 1]];
  const k = a.shape[rank - 1];
  if (value.size === 0) return;
  const lane = lanes[buffer.dtype as keyof typeof lanes];
  const stride = (view: View, axis: number): number => view.strides[rank + axis] * lane.bytes;
  const narrow = n <= lane.count;
  const product: Product = {
    lane,
    fma: lowering.fma,
    m,
    n,
    k,
    aRow: stride(a, -2),
    aStep: stride(a, -1),
    bRow: stride(b, -2),
    bStep: stride(b, -1),
    cRow: n * lane.bytes,
    tileRows: narrow ? 8 : 4,
    vectors: narrow ? 1 : 2,
  };
  const offsets = batchOffsets(value.shape.slice(0, -2), [a, b], lane.bytes, m * n * lane.bytes);
  const starts = [lowering.startOf(a), lowering.startOf(b), lowering.addressOf(buffer)];
  if (k === 0) {
    lowerZero(lowering, index, starts[2], value.size * lane.bytes);
    return;
  }
  const scratch = lowering.scratch(panelBytes(product) * panelCount(product) + packedBytes(product));
  for (const [fromA, fromB, toC] of offsets) {
    lowerPack(lowering, index, product, starts[1] + fromB, scratch);
    lowerMultiply(lowering, index, product, starts[0] + fromA, scratch, starts[2] + toC);
  }
}

function operandViews(kernel: ContractKernel): [View, View] {
  const [equation] = kernel.equations;
  const viewOf = (i: number): View => kernel.inputs.find(({ value }) => value === equation.operands[i])!.view;
  return [viewOf(0), viewOf(1)];
}

/** Byte offsets of A, B and C for every matrix of a batch. */
function batchOffsets(batch: readonly number[], views: readonly View[], bytes: number, matrix: number): number[][] {
  const count = batch.reduce((product, n) => product * n, 1);
  return Array.from({ length: count }, (_, i) => {
    const offsets = views.map(() => 0);
    let left = i;
    for (let axis = batch.length - 1; axis >= 0; axis--) {
      views.forEach((view, v) => {
        offsets[v] += (left % batch[axis]) * view.strides[axis] * bytes;
      });
      left = Math.floor(left / batch[axis]);
    }
    return [...offsets, i * matrix];
  });
}

function lowerZero(lowering: Lowering, index: number, address: number, bytes: number): void {
  const fill = lowering.module.addFunction(["i32", "i32", "i32"], [], (fn) => {
    fn.i32(address);
    fn.i32(0);
    fn.i32(bytes);
    fn.memoryFill();
  });
  lowering.launch(index, "zero", 1, bytes / 16, fill);
}

/** B [k, n] into panels [n / width][k][width]; a unit is a panel. */
function lowerPack(lowering: Lowering, index: number, product: Product, b: number, scratch: number): void {
  const { lane, n, k, bRow, bStep } = product;
  const width = panelWidth(product);
  const panels = panelCount(product);
  const tail = n - (panels - 1) * width;
  const pack = lowering.module.addFunction(["i32", "i32", "i32"], [], (fn) => {
    const [source, target, panel] = [fn.local("i32"), fn.local("i32"), fn.local("i32")];
    const one = (present: number): void => {
      setScaled(fn, source, b, panel, width * bStep);
      setScaled(fn, target, scratch, panel, panelBytes(product));
      emitPackPanel(fn, { lane, width, present, across: bStep, along: bRow }, source, target, () => fn.i32(k));
    };
    fn.get(0);
    fn.set(panel);
    fn.countedLoop(
      panel,
      () => fn.get(1),
      1,
      () => {
        if (tail === width) {
          one(width);
          return;
        }
        fn.get(panel);
        fn.i32(panels - 1);
        fn.op(i32.ltU);
        fn.if(
          () => one(width),
          () => one(tail),
        );
      },
    );
  });
  lowering.launch(index, "pack", panels, k * product.vectors, pack);
}

/** Rows of C from A and packed panels; a unit is a row of tiles. */
function lowerMultiply(
  lowering: Lowering,
  index: number,
  product: Product,
  a: number,
  panels: number,
  c: number,
): void {
  const { m, k, tileRows } = product;
  const units = Math.ceil(m / tileRows);
  // Rows far apart, and long ones, are packed: else neighbours along k share no cache line, or rows collide in the cache.
  const isPacked = product.aStep !== product.lane.bytes || k > 2 * packedSteps;
  const multiply = lowering.module.addFunction(["i32", "i32", "i32"], [], (fn) => {
    if (isPacked) emitPacked(fn, product, { a, panels, c, packed: panels + panelBytes(product) * panelCount(product) });
    else emitRows(fn, product, { a, panels, c });
  });
  lowering.launch(index, "multiply", units, (tileRows * k * product.n) / 25, multiply);
}

interface Places {
  readonly a: number;
  readonly panels: number;
  readonly c: number;
}

/** Units [lo, hi) with rows of A where they are, in blocks that stay in the cache while all panels pass. */
function emitRows(fn: FunctionBuilder, product: Product, { a, panels, c }: Places): void {
  const { tileRows, aRow, cRow } = product;
  const [block, end, unit] = [fn.local("i32"), fn.local("i32"), fn.local("i32")];
  const [pa, pb, pc] = [fn.local("i32"), fn.local("i32"), fn.local("i32")];
  const blockUnits = rowBlock / tileRows;
  fn.get(0);
  fn.set(block);
  fn.countedLoop(
    block,
    () => fn.get(1),
    blockUnits,
    () => {
      setMinimum(
        fn,
        end,
        () => addConstant(fn, block, blockUnits),
        () => fn.get(1),
      );
      forEachPanel(fn, product, panels, pb, (column, columns) => {
        fn.get(block);
        fn.set(unit);
        forEachUnit(fn, product, unit, end, (rows) => {
          setScaled(fn, pa, a, unit, tileRows * aRow);
          setScaled(fn, pc, c, unit, tileRows * cRow);
          column(pc);
          emitTile(fn, tileOf(product, rows, columns, product.k, aRow, product.aStep, false), { a: pa, b: pb, c: pc });
        });
      });
    },
  );
}

/** Bytes of scratch for packed tiles of A: all of them, a block of steps. */
const packedBytes = ({ m, k, tileRows, lane }: Product): number =>
  Math.ceil(m / tileRows) * Math.min(k, packedSteps) * Math.max(16, tileRows * lane.bytes);

/**
 * Units [lo, hi) with A packed: steps of k in blocks, so that a panel of B stays in the first cache, and rows in blocks, so that
 * they stay in the second. C accumulates over the blocks of steps.
 */
function emitPacked(
  fn: FunctionBuilder,
  product: Product,
  { a, panels, c, packed }: Places & { readonly packed: number },
): void {
  const { k, tileRows, aRow, aStep, lane, cRow } = product;
  const full = Math.floor(k / packedSteps) * packedSteps;
  const stepBytes = Math.max(16, tileRows * lane.bytes);
  const tileBytes = Math.min(k, packedSteps) * stepBytes;
  const blockUnits = rowBlock / tileRows;
  const [block, end, unit, start] = [fn.local("i32"), fn.local("i32"), fn.local("i32"), fn.local("i32")];
  const [source, target] = [fn.local("i32"), fn.local("i32")];
  const [pa, pb, pc] = [fn.local("i32"), fn.local("i32"), fn.local("i32")];
  const packRows = (steps: number): void => {
    fn.get(block);
    fn.set(unit);
    forEachUnit(fn, product, unit, end, (rows) => {
      setScaled(fn, source, a, unit, tileRows * aRow);
      addScaledTo(fn, source, start, aStep);
      setScaled(fn, target, packed, unit, tileBytes);
      const width = stepBytes / lane.bytes;
      emitPackPanel(fn, { lane, width, present: rows, across: aRow, along: aStep }, source, target, () =>
        fn.i32(steps),
      );
    });
  };
  const multiplySteps = (steps: number, accumulates: boolean): void => {
    fn.get(0);
    fn.set(block);
    fn.countedLoop(
      block,
      () => fn.get(1),
      blockUnits,
      () => {
        setMinimum(
          fn,
          end,
          () => addConstant(fn, block, blockUnits),
          () => fn.get(1),
        );
        packRows(steps);
        forEachPanel(fn, product, panels, pb, (column, columns) => {
          addScaledTo(fn, pb, start, product.vectors * 16);
          fn.get(block);
          fn.set(unit);
          forEachUnit(fn, product, unit, end, (rows) => {
            setScaled(fn, pa, packed, unit, tileBytes);
            setScaled(fn, pc, c, unit, tileRows * cRow);
            column(pc);
            emitTile(fn, tileOf(product, rows, columns, steps, lane.bytes, stepBytes, accumulates), {
              a: pa,
              b: pb,
              c: pc,
            });
          });
          addScaledTo(fn, pb, start, -product.vectors * 16);
        });
      },
    );
  };
  fn.i32(0);
  fn.set(start);
  multiplySteps(Math.min(k, packedSteps), false);
  if (k <= packedSteps) return;
  fn.i32(packedSteps);
  fn.set(start);
  fn.countedLoop(
    start,
    () => fn.i32(full),
    packedSteps,
    () => multiplySteps(packedSteps, true),
  );
  if (k > full) multiplySteps(k - full, true);
}

const tileOf = (
  product: Product,
  rows: number,
  columns: number,
  k: number,
  aRow: number,
  aStep: number,
  accumulates: boolean,
): Tile => {
  const { lane, fma, vectors, cRow } = product;
  return { lane, fma, rows, vectors, columns, k, aRow, aStep, cRow, accumulates };
};

/** Runs over panels with their address in a local; the body is emitted once for full panels and once for a narrower last one. */
function forEachPanel(
  fn: FunctionBuilder,
  product: Product,
  panels: number,
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
  fn.i32(panels);
  fn.set(address);
  fn.i32(0);
  fn.set(column);
  fn.countedLoop(
    column,
    () => fn.i32(full * width * product.lane.bytes),
    width * product.lane.bytes,
    () => {
      body(addColumn, width);
      fn.addTo(address, panelBytes(product));
    },
  );
  if (product.n > full * width) body(addColumn, product.n - full * width);
  fn.release(column);
}

/** Runs a unit counter to an end (a local); the last unit may have fewer rows. */
function forEachUnit(
  fn: FunctionBuilder,
  { m, tileRows }: Product,
  unit: number,
  end: number,
  body: (rows: number) => void,
): void {
  const full = Math.floor(m / tileRows);
  if (m % tileRows === 0) {
    fn.countedLoop(
      unit,
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
    unit,
    () => fn.get(limit),
    1,
    () => body(tileRows),
  );
  fn.countedLoop(
    unit,
    () => fn.get(end),
    1,
    () => body(m - full * tileRows),
  );
  fn.release(limit);
}

function setMinimum(fn: FunctionBuilder, target: number, x: () => void, y: () => void): void {
  const [first, second] = [fn.local("i32"), fn.local("i32")];
  x();
  fn.tee(first);
  y();
  fn.tee(second);
  fn.get(first);
  fn.get(second);
  fn.op(i32.ltU);
  fn.select();
  fn.set(target);
  fn.release(first);
  fn.release(second);
}

function addConstant(fn: FunctionBuilder, local: number, value: number): void {
  fn.get(local);
  fn.i32(value);
  fn.op(i32.add);
}

function addScaledTo(fn: FunctionBuilder, target: number, local: number, scale: number): void {
  fn.get(local);
  fn.i32(scale);
  fn.op(i32.mul);
  fn.get(target);
  fn.op(i32.add);
  fn.set(target);
}

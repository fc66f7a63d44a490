import { collapse, type View } from "../../../compiler/view.ts";
import { type FunctionBuilder, type FunctionReference, i32 } from "../assembler/index.ts";
import { maxChunks } from "../threads/claim.js";
import type { Lowering } from "./lowering.ts";
import { emitMultiply, emitPack, tileRowCost, tileRowCount } from "./multiply.ts";
import { setScaled } from "./pack.ts";
import { type Product, panelBytes, panelCount, rowScratchBytes } from "./product.ts";

/** ns from which on a single matrix is worth several threads. */
const sharedCost = 100_000;

/** Most bytes of scratch for matrices that are multiplied at the same time. */
const maxScratch = 2 ** 25;

/** Where matrices are: addresses of the first ones, and bytes between them along the axes of the batch. */
interface Batch {
  readonly shape: readonly number[];
  readonly count: number;
  readonly starts: readonly number[];
  readonly strides: readonly (readonly number[])[];
}

/** The code of one product, with its addresses as parameters. */
interface ProductCode {
  /** (lo, hi, b, panels) */
  readonly pack: FunctionReference;
  /** (lo, hi, a, panels, c, packed) */
  readonly multiply: FunctionReference;
}

/**
 * Lowers products of many matrices with one code for all of them. Small ones are each one work item of one launch; large ones follow
 * each other, each shared between threads.
 */
export function lowerBatch(
  lowering: Lowering,
  index: number,
  product: Product,
  { views, c }: { readonly views: readonly View[]; readonly c: View },
): void {
  const batch = batchOf(lowering, [...views, c], product.format.bytes);
  const code = lowerProduct(lowering, product);
  const bytes = Math.ceil((panelBytes(product) * panelCount(product) + rowScratchBytes(product)) / 16) * 16;
  const slots = Math.min(batch.count, maxChunks);
  const cost = tileRowCost(product) * tileRowCount(product);
  if (cost > sharedCost || slots * bytes > maxScratch) lowerEach(lowering, index, product, batch, code);
  else lowerAll(lowering, index, product, batch, { ...code, scratch: lowering.scratch(slots * bytes), bytes, cost });
}

function batchOf(lowering: Lowering, views: readonly View[], bytes: number): Batch {
  const [{ shape: full }] = views;
  const { shape, strides } = collapse(
    full.slice(0, -2),
    views.map((view) => view.strides.slice(0, -2)),
  );
  return {
    shape,
    count: shape.reduce((product, n) => product * n, 1),
    starts: views.map((view) => lowering.startOf(view)),
    strides: strides.map((own) => own.map((stride) => stride * bytes)),
  };
}

function lowerProduct({ module }: Lowering, product: Product): ProductCode {
  return {
    pack: module.addFunction(["i32", "i32", "i32", "i32"], [], (fn) => {
      emitPack(fn, product, { local: 2 }, { local: 3 });
    }),
    multiply: module.addFunction(["i32", "i32", "i32", "i32", "i32", "i32"], [], (fn) => {
      emitMultiply(fn, product, { a: { local: 2 }, panels: { local: 3 }, c: { local: 4 }, packed: { local: 5 } });
    }),
  };
}

/** One launch whose work items are matrices; every chunk of it has scratch of its own. */
function lowerAll(
  lowering: Lowering,
  index: number,
  product: Product,
  batch: Batch,
  work: ProductCode & { readonly scratch: number; readonly bytes: number; readonly cost: number },
): void {
  const target = lowering.module.addFunction(["i32", "i32", "i32"], [], (fn) => {
    const [workItem, panels, packed] = [fn.local("i32"), fn.local("i32"), fn.local("i32")];
    setScaled(fn, panels, work.scratch, 2, work.bytes);
    fn.get(panels);
    fn.i32(panelBytes(product) * panelCount(product));
    fn.op(i32.add);
    fn.set(packed);
    fn.get(0);
    fn.set(workItem);
    const addresses = batch.starts.map(() => fn.local("i32"));
    const [a, b, c] = addresses;
    const call = (code: FunctionReference, workItems: number, locals: readonly number[]): void => {
      fn.i32(0);
      fn.i32(workItems);
      for (const local of locals) fn.get(local);
      fn.call(code);
    };
    fn.countedLoop(
      workItem,
      () => fn.get(1),
      1,
      () => {
        setAddresses(fn, batch, workItem, addresses);
        call(work.pack, panelCount(product), [b, panels]);
        call(work.multiply, tileRowCount(product), [a, panels, c, packed]);
      },
    );
  });
  lowering.launch(index, "multiplyAll", batch.count, work.cost + 20, target);
}

/** Addresses of the matrices with a number in a local. */
function setAddresses(fn: FunctionBuilder, batch: Batch, workItem: number, addresses: readonly number[]): void {
  const [left, position] = [fn.local("i32"), fn.local("i32")];
  addresses.forEach((address, i) => {
    fn.i32(batch.starts[i]);
    fn.set(address);
  });
  fn.get(workItem);
  fn.set(left);
  for (let axis = batch.shape.length - 1; axis >= 0; axis--) {
    fn.get(left);
    fn.i32(batch.shape[axis]);
    fn.op(i32.remU);
    fn.set(position);
    fn.get(left);
    fn.i32(batch.shape[axis]);
    fn.op(i32.divU);
    fn.set(left);
    addresses.forEach((address, i) => {
      setScaled(fn, address, { local: address }, position, batch.strides[i][axis]);
    });
  }
  fn.release(left);
  fn.release(position);
}

/** Two launches for every matrix, which differ in their addresses alone. */
function lowerEach(lowering: Lowering, index: number, product: Product, batch: Batch, code: ProductCode): void {
  const panels = lowering.scratch(panelBytes(product) * panelCount(product) + rowScratchBytes(product));
  const packed = panels + panelBytes(product) * panelCount(product);
  const withAddresses = (target: FunctionReference, addresses: readonly number[]): FunctionReference =>
    lowering.module.addFunction(["i32", "i32", "i32"], [], (fn) => {
      fn.get(0);
      fn.get(1);
      for (const address of addresses) fn.i32(address);
      fn.call(target);
    });
  for (let i = 0; i < batch.count; i++) {
    const [a, b, c] = batch.starts.map((start, side) => start + offsetOf(batch, i, side));
    const pack = withAddresses(code.pack, [b, panels]);
    lowering.launch(index, "pack", panelCount(product), product.k * product.vectors, pack);
    const multiply = withAddresses(code.multiply, [a, panels, c, packed]);
    lowering.launch(index, "multiply", tileRowCount(product), tileRowCost(product), multiply);
  }
}

function offsetOf({ shape, strides }: Batch, matrix: number, side: number): number {
  let [offset, left] = [0, matrix];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    offset += (left % shape[axis]) * strides[side][axis];
    left = Math.floor(left / shape[axis]);
  }
  return offset;
}

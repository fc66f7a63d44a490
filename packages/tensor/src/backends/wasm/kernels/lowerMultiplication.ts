import { collapse, type View } from "../../../compiler/view.ts";
import { type FunctionBuilder, type FunctionReference, i32 } from "../assembler/index.ts";
import { maxChunks } from "../threads/claim.js";
import { copyLocal, setQuotient, setRemainder } from "./localArithmetic.ts";
import type { Lowering } from "./lowering.ts";
import {
  allPanelBytes,
  type Multiplication,
  type Operands,
  scratchOf,
  type WholeMultiplication,
  type WholePlaces,
} from "./multiplication.ts";
import { setScaled } from "./pack.ts";

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
  /** (lo, hi, a, panels, c, packed, chunk) */
  readonly multiply: FunctionReference;
}

/**
 * Lowers one product, or one for each index of the leading axes, with one code for all of them. Many small ones are each one work item of
 * one launch; large ones follow each other, each shared between threads.
 */
export function lowerMultiplication(
  lowering: Lowering,
  index: number,
  multiplication: Multiplication,
  { views, c, inner }: Operands,
): void {
  const batch = batchOf(lowering, [...views, c], inner, multiplication.elementBytes);
  const bytes = Math.ceil((allPanelBytes(multiplication) + multiplication.scratchBytes(1)) / 16) * 16;
  const slots = Math.min(batch.count, maxChunks);
  const cost = multiplication.cost * multiplication.workItems;
  if (batch.count === 1 || cost > sharedCost || slots * bytes > maxScratch)
    lowerEach(lowering, index, multiplication, batch);
  else lowerAll(lowering, index, multiplication, batch, { scratch: lowering.scratch(slots * bytes), bytes, cost });
}

function batchOf(lowering: Lowering, views: readonly View[], inner: number, bytes: number): Batch {
  const [{ shape: full }] = views;
  const { shape, strides } = collapse(
    full.slice(0, -inner),
    views.map((view) => view.strides.slice(0, -inner)),
  );
  return {
    shape,
    count: shape.reduce((product, n) => product * n, 1),
    starts: views.map((view) => lowering.startOf(view)),
    strides: strides.map((own) => own.map((stride) => stride * bytes)),
  };
}

/** Products that differ in addresses alone share one code: a network repeats its layers, and code is slow until it is optimised. */
function lowerProduct(lowering: Lowering, multiplication: Multiplication, chunks: number): ProductCode {
  const { module } = lowering;
  return {
    pack: lowerPack(lowering, multiplication),
    multiply: lowering.sharedFunction(`multiply in ${chunks} chunks ${multiplication.key}`, () =>
      module.addFunction(["i32", "i32", "i32", "i32", "i32", "i32", "i32"], [], (fn) => {
        const places = { a: { local: 2 }, panels: { local: 3 }, c: { local: 4 }, packed: { local: 5 } };
        multiplication.emitMultiply(fn, { ...places, chunk: 6 }, chunks);
      }),
    ),
  };
}

const lowerPack = (lowering: Lowering, multiplication: Multiplication): FunctionReference =>
  lowering.sharedFunction(`pack ${multiplication.key}`, () =>
    lowering.module.addFunction(["i32", "i32", "i32", "i32"], [], (fn) => {
      multiplication.emitPack(fn, { local: 2 }, { local: 3 });
    }),
  );

/** One launch whose work items are matrices; every chunk of it has scratch of its own. */
function lowerAll(
  lowering: Lowering,
  index: number,
  multiplication: Multiplication,
  batch: Batch,
  work: { readonly scratch: number; readonly bytes: number; readonly cost: number },
): void {
  const one = multiplication.whole
    ? lowerWhole(lowering, multiplication, multiplication.whole)
    : lowerParts(lowering, multiplication);
  const target = lowering.module.addFunction(["i32", "i32", "i32"], [], (fn) => {
    const [workItem, panels, packed] = [fn.local("i32"), fn.local("i32"), fn.local("i32")];
    setScaled(fn, panels, work.scratch, 2, work.bytes);
    fn.get(panels);
    fn.i32(allPanelBytes(multiplication));
    fn.op(i32.add);
    fn.set(packed);
    fn.get(0);
    fn.set(workItem);
    const addresses = batch.starts.map(() => fn.local("i32"));
    const [a, b, c] = addresses;
    fn.countedLoop(
      workItem,
      () => fn.get(1),
      1,
      () => {
        setAddresses(fn, batch, workItem, addresses);
        one(fn, { a, b, c, panels, packed });
      },
    );
  });
  lowering.launch(index, "multiplyAll", batch.count, work.cost + 20, target);
}

/** Locals with the addresses of one of many products, and of scratch. */
interface OneProduct extends WholePlaces {
  readonly panels: number;
  readonly packed: number;
}

/** Writes calls for one of many products. */
type CallOne = (fn: FunctionBuilder, places: OneProduct) => void;

/** Packing and all rows of tiles, as for a large product. */
function lowerParts(lowering: Lowering, multiplication: Multiplication): CallOne {
  const { pack, multiply } = lowerProduct(lowering, multiplication, 1);
  return (fn, { a, b, c, panels, packed }) => {
    pushCall(fn, multiplication.panels, [b, panels]);
    fn.call(pack);
    pushCall(fn, multiplication.workItems, [a, panels, c, packed]);
    // Scratch of this chunk alone: its multiplications use the first part of it.
    fn.i32(0);
    fn.call(multiply);
  };
}

/** One call for all rows and columns, after B is packed where it must be. */
function lowerWhole(lowering: Lowering, multiplication: Multiplication, whole: WholeMultiplication): CallOne {
  const pack = whole.isPacked ? lowerPack(lowering, multiplication) : undefined;
  const multiply = lowering.sharedFunction(`whole ${multiplication.key}`, () =>
    lowering.module.addFunction(["i32", "i32", "i32"], [], (fn) => whole.emit(fn, { a: 0, b: 1, c: 2 })),
  );
  return (fn, { a, b, c, panels }) => {
    if (pack) {
      pushCall(fn, multiplication.panels, [b, panels]);
      fn.call(pack);
    }
    for (const local of [a, pack ? panels : b, c]) fn.get(local);
    fn.call(multiply);
  };
}

/** Pushes the bounds of all work items, and locals. */
function pushCall(fn: FunctionBuilder, workItems: number, locals: readonly number[]): void {
  fn.i32(0);
  fn.i32(workItems);
  for (const local of locals) fn.get(local);
}

/** Addresses of the matrices with a number in a local. */
function setAddresses(fn: FunctionBuilder, batch: Batch, workItem: number, addresses: readonly number[]): void {
  const [left, position] = [fn.local("i32"), fn.local("i32")];
  addresses.forEach((address, i) => {
    fn.i32(batch.starts[i]);
    fn.set(address);
  });
  copyLocal(fn, workItem, left);
  for (let axis = batch.shape.length - 1; axis >= 0; axis--) {
    setRemainder(fn, position, left, batch.shape[axis]);
    setQuotient(fn, left, left, batch.shape[axis]);
    addresses.forEach((address, i) => {
      setScaled(fn, address, { local: address }, position, batch.strides[i][axis]);
    });
  }
  fn.release(left);
  fn.release(position);
}

/** Two launches for every product, which differ in their addresses alone. */
function lowerEach(lowering: Lowering, index: number, multiplication: Multiplication, batch: Batch): void {
  const { panels, packed, chunks } = scratchOf(lowering, multiplication);
  const code = lowerProduct(lowering, multiplication, chunks);
  const span = batch.count === 1 ? multiplication.span : undefined;
  const withAddresses = (target: FunctionReference, addresses: readonly number[], locals: readonly number[]) =>
    lowering.module.addFunction(["i32", "i32", "i32"], [], (fn) => {
      fn.get(0);
      fn.get(1);
      for (const address of addresses) fn.i32(address);
      for (const local of locals) fn.get(local);
      fn.call(target);
    });
  for (let i = 0; i < batch.count; i++) {
    const [a, b, c] = batch.starts.map((start, side) => start + offsetOf(batch, i, side));
    const pack = withAddresses(code.pack, [b, panels], []);
    lowering.launch(index, "pack", multiplication.panels, multiplication.packCost, pack);
    const multiply = withAddresses(code.multiply, [a, panels, c, packed], [2]);
    lowering.launch(index, "multiply", multiplication.workItems, multiplication.cost, multiply, { span });
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

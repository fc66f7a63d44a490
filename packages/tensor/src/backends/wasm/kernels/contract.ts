import type { ContractKernel } from "../../../compiler/plan.ts";
import type { View } from "../../../compiler/view.ts";
import { i32 } from "../assembler/index.ts";
import { lanes } from "./lane.ts";
import type { Lowering } from "./launch.ts";
import { emitPackPanel, setScaled } from "./pack.ts";
import { type Product, packedBytes, packedSteps, panelBytes, panelCount, panelWidth } from "./product.ts";
import { emitPacked, emitRows } from "./productEmitter.ts";

/** Matrices of a batch that get code of their own. */
const maxBatch = 16;

/**
 * Lowers a product: B is packed into panels, then tiles of C are computed; a transposed operand is never copied whole.
 *
 * @returns false for long batches of matrices and for operands that run backwards, which keep their reference loop
 */
export function lowerContract(lowering: Lowering, kernel: ContractKernel, index: number): boolean {
  const [a, b] = operandViews(kernel);
  const isBackward = [a, b].some(({ strides }) => strides.some((stride) => stride < 0));
  const batch = kernel.outputs[0].value.shape.slice(0, -2).reduce((product, n) => product * n, 1);
  if (isBackward || batch > maxBatch) return false;
  const [{ value, buffer }] = kernel.outputs;
  const rank = value.shape.length;
  const [m, n] = [value.shape[rank - 2], value.shape[rank - 1]];
  const k = a.shape[rank - 1];
  if (value.size === 0) return true;
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
    vectors: narrow ? 1 : lowering.features.wide ? 4 : 2,
  };
  const offsets = batchOffsets(value.shape.slice(0, -2), [a, b], lane.bytes, m * n * lane.bytes);
  const starts = [lowering.startOf(a), lowering.startOf(b), lowering.addressOf(buffer)];
  if (k === 0) {
    lowerZero(lowering, index, starts[2], value.size * lane.bytes);
    return true;
  }
  const scratch = lowering.scratch(panelBytes(product) * panelCount(product) + packedBytes(product));
  for (const [fromA, fromB, toC] of offsets) {
    lowerPack(lowering, index, product, starts[1] + fromB, scratch);
    lowerMultiply(lowering, index, product, starts[0] + fromA, scratch, starts[2] + toC);
  }
  return true;
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
  lowering.launch(index, "multiply", units, (tileRows * k * product.n) / 25, multiply, { span: tileRows * product.n });
}

import type { ContractKernel } from "../../../compiler/plan.ts";
import { type View, wholeView } from "../../../compiler/view.ts";
import { lowerBatch } from "./batch.ts";
import { elementFormats } from "./elementFormat.ts";
import type { Lowering } from "./lowering.ts";
import { lowerZeros } from "./lowerZeros.ts";
import { emitMultiply, emitPack, tileRowCost, tileRowCount } from "./multiply.ts";
import { operandViews } from "./operand.ts";
import { type Product, panelBytes, panelCount, rowScratchBytes } from "./product.ts";

/** Lowers a product: B is packed into panels, then tiles of C are computed; a transposed operand is never copied whole. */
export function lowerContract(lowering: Lowering, kernel: ContractKernel, index: number): boolean {
  const [a, b] = operandViews(kernel);
  const [{ value, buffer }] = kernel.outputs;
  const rank = value.shape.length;
  const [m, n] = [value.shape[rank - 2], value.shape[rank - 1]];
  const k = a.shape[rank - 1];
  if (value.size === 0) return true;
  const format = elementFormats[buffer.dtype as keyof typeof elementFormats];
  const stride = (view: View, axis: number): number => view.strides[rank + axis] * format.bytes;
  const narrow = n <= format.count;
  const product: Product = {
    format,
    fma: lowering.fma,
    m,
    n,
    k,
    aRow: stride(a, -2),
    aStep: stride(a, -1),
    bRow: stride(b, -2),
    bStep: stride(b, -1),
    cRow: n * format.bytes,
    tileRows: narrow ? 8 : 4,
    vectors: narrow ? 1 : lowering.features.wide ? 4 : 2,
  };
  if (k === 0) lowerZeros(lowering, index, lowering.addressOf(buffer), value.size * format.bytes);
  else if (value.size > m * n)
    lowerBatch(lowering, index, product, { views: [a, b], c: wholeView(buffer, value.shape) });
  else lowerOne(lowering, index, product, [lowering.startOf(a), lowering.startOf(b), lowering.addressOf(buffer)]);
  return true;
}

/** A single matrix, all addresses known: a work item of packing is a panel, of the product a row of tiles. */
function lowerOne(lowering: Lowering, index: number, product: Product, [a, b, c]: readonly number[]): void {
  const panels = lowering.scratch(panelBytes(product) * panelCount(product) + rowScratchBytes(product));
  const packed = panels + panelBytes(product) * panelCount(product);
  const pack = lowering.module.addFunction(["i32", "i32", "i32"], [], (fn) => emitPack(fn, product, b, panels));
  lowering.launch(index, "pack", panelCount(product), product.k * product.vectors, pack);
  const multiply = lowering.module.addFunction(["i32", "i32", "i32"], [], (fn) =>
    emitMultiply(fn, product, { a, panels, c, packed }),
  );
  const span = product.tileRows * product.n;
  lowering.launch(index, "multiply", tileRowCount(product), tileRowCost(product), multiply, { span });
}

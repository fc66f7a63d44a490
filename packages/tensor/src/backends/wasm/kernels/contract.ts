import type { ContractKernel } from "../../../compiler/plan.ts";
import { type View, wholeView } from "../../../compiler/view.ts";
import { elementFormats } from "./elementFormat.ts";
import type { Lowering } from "./lowering.ts";
import { lowerMultiplication } from "./lowerMultiplication.ts";
import { lowerZeros } from "./lowerZeros.ts";
import type { Multiplication } from "./multiplication.ts";
import { emitMultiply, emitPack, tileRowCost, tileRowCount } from "./multiply.ts";
import { operandViews } from "./operand.ts";
import { type Product, panelBytes, panelCount, rowScratchBytes, tileShape } from "./product.ts";
import { wholeProduct } from "./wholeProduct.ts";

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
  const product: Product = {
    ...{ format, fma: lowering.fma, m, n, k },
    aRow: stride(a, -2),
    aStep: stride(a, -1),
    bSteps: [{ count: k, stride: stride(b, -2) }],
    bColumn: stride(b, -1),
    cRow: n * format.bytes,
    ...tileShape(n, format, lowering.features.wide),
  };
  if (k === 0) lowerZeros(lowering, index, lowering.addressOf(buffer), value.size * format.bytes);
  else {
    const places = { views: [a, b], c: wholeView(buffer, value.shape), inner: 2 };
    lowerMultiplication(lowering, index, multiplicationOf(product), places);
  }
  return true;
}

/** A work item of packing is a panel, of the product a row of tiles. */
const multiplicationOf = (product: Product): Multiplication => ({
  key: JSON.stringify(product),
  elementBytes: product.format.bytes,
  panels: panelCount(product),
  panelBytes: panelBytes(product),
  packCost: product.k * product.vectors,
  workItems: tileRowCount(product),
  cost: tileRowCost(product),
  span: product.tileRows * product.n,
  scratchBytes: () => rowScratchBytes(product),
  emitPack: (fn, b, panels) => emitPack(fn, product, b, panels),
  emitMultiply: (fn, places) => emitMultiply(fn, product, places),
  whole: wholeProduct(product),
});

import { sizeOf } from "../../../array/shape.ts";
import { lowerBatch } from "./batch.ts";
import type { Lowering } from "./lowering.ts";
import { type Multiplication, type Operands, scratchOf } from "./multiplication.ts";

/** Lowers one multiplication, or one for each index of the leading axes. */
export function lowerMultiplication(
  lowering: Lowering,
  index: number,
  multiplication: Multiplication,
  operands: Operands,
): void {
  const { views, c, inner } = operands;
  if (sizeOf(c.shape.slice(0, -inner)) > 1) {
    lowerBatch(lowering, index, multiplication, operands);
    return;
  }
  lowerOne(
    lowering,
    index,
    multiplication,
    [...views, c].map((view) => lowering.startOf(view)),
  );
}

/** A single multiplication, all addresses known. */
function lowerOne(
  lowering: Lowering,
  index: number,
  multiplication: Multiplication,
  [a, b, c]: readonly number[],
): void {
  const { module } = lowering;
  const { workItems, cost, span } = multiplication;
  const { panels, packed, chunks } = scratchOf(lowering, multiplication);
  const pack = module.addFunction(["i32", "i32", "i32"], [], (fn) => multiplication.emitPack(fn, b, panels));
  lowering.launch(index, "pack", multiplication.panels, multiplication.packCost, pack);
  const multiply = module.addFunction(["i32", "i32", "i32"], [], (fn) =>
    multiplication.emitMultiply(fn, { a, panels, c, packed, chunk: 2 }, chunks),
  );
  lowering.launch(index, "multiply", workItems, cost, multiply, { span });
}

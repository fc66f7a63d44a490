import { sizeOf } from "../../../array/shape.ts";
import type { ContractKernel } from "../../../compiler/plan.ts";
import type { View } from "../../../compiler/view.ts";
import { ExpressionGraph } from "../../../expression/index.ts";
import { checkNoIntegerSum } from "../integerSum.ts";
import type { MatrixPlace, MatrixProduct } from "../kernelText.ts";
import type { DeviceArray, Lowering } from "../lowering.ts";
import { isWorthTiles } from "../tiledProduct.ts";
import { type Finish, isOneStage, launchReduction } from "./reduce.ts";

/** A matrix product of the two operands of an equation; one with an epilogue is left to the map that holds the epilogue. */
export function lowerContract(lowering: Lowering, { equations, inputs, outputs, epilogue }: ContractKernel): void {
  const [{ operands, output }] = equations;
  checkNoIntegerSum("matmul", output.dtype);
  const [left, right] = operands.map((x) => inputs.find(({ value }) => value === x)!.view);
  const [{ buffer }] = outputs;
  if (epilogue.length > 0 && isFusable(left, right, buffer.size))
    lowering.deferred.set(buffer, { left, right, epilogue });
  else lowering.place(buffer, launchProduct(lowering, left, right));
}

/** Whether the launch of a product can compute an epilogue: neither tiles nor a product in two stages can. */
function isFusable(left: View, right: View, size: number): boolean {
  const product = productOf(left, right);
  const terms = left.shape[left.shape.length - 1];
  return size > 0 && terms > 0 && isOneStage(size, terms) && !(product && isWorthTiles(product));
}

/** The sizes and operands of a product without a batch. */
function productOf(left: View, right: View): MatrixProduct | undefined {
  if (sizeOf(left.shape.slice(0, -2)) !== 1) return undefined;
  const [m, k] = left.shape.slice(-2);
  const n = right.shape[right.shape.length - 1];
  return {
    m,
    k,
    n,
    left: matrixPlace(left, "a0"),
    right: matrixPlace(right, left.buffer === right.buffer ? "a0" : "a1"),
  };
}

/** [...B, m, k] × [...B, k, n] is a sum of products over [...B, m, n, k]: strides of 0 repeat the operands, no layout is copied. */
export function launchProduct(lowering: Lowering, left: View, right: View, finish?: Finish): DeviceArray {
  const batch = left.shape.slice(0, -2);
  const [m, k] = left.shape.slice(-2);
  const n = right.shape[right.shape.length - 1];
  const [a, b] = [left, right].map((view) => lowering.arrayOf(view.buffer));
  const graph = new ExpressionGraph();
  const [x, y] = [0, 1].map((i) => graph.input(i, "float32"));
  const [l, r] = [matrixPlace(left, "a0"), matrixPlace(right, "a1")];
  const strides = [
    [...left.strides.slice(0, -2), l.rows, 0, l.columns],
    [...right.strides.slice(0, -2), 0, r.columns, r.rows],
  ];
  return launchReduction(lowering, {
    combiner: "sum",
    shape: [...batch, m, n, k],
    axes: [batch.length + 2],
    root: graph.operation("mul", [x, y]),
    sources: new Map([
      [x, { array: a, strides: strides[0], offset: left.offset }],
      [y, { array: b, strides: strides[1], offset: right.offset }],
    ]),
    product: productOf(left, right),
    finish,
  });
}

const matrixPlace = ({ offset, strides }: View, array: string): MatrixPlace => ({
  array,
  offset,
  rows: strides[strides.length - 2],
  columns: strides[strides.length - 1],
});

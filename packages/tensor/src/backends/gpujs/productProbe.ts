import { sizeOf } from "../../array/shape.ts";
import { type Buffer, wholeView } from "../../compiler/view.ts";
import { joinRows } from "./arrays.ts";
import type { Gpu } from "./gpuJs.ts";
import { launchProduct } from "./kernels/contract.ts";
import { Lowering } from "./lowering.ts";
import type { DeviceProgram } from "./lowerPlan.ts";
import { recordProgram } from "./recordProgram.ts";
import { isWorthTiles } from "./tiledProduct.ts";

/** Whether a program has matrix products for tiles. */
export const hasTiledProducts = ({ launches }: DeviceProgram): boolean =>
  launches.some((array) => array.kind === "result" && array.kernel.product && isWorthTiles(array.kernel.product));

const answers = new WeakMap<Gpu, Promise<boolean>>();

/** Turns tiles on if a matrix product in tiles gives the right numbers; warns if it does not. */
export function allowTiles(gpu: Gpu): Promise<boolean> {
  const answer = answers.get(gpu) ?? tryTiles(gpu);
  answers.set(gpu, answer);
  return answer;
}

/** Odd sizes, so that tiles exceed the matrix at every edge. */
const [m, k, n] = [193, 35, 197];

async function tryTiles(gpu: Gpu): Promise<boolean> {
  if (gpu.device.mode !== "webgpu") return false;
  const reason = gpu.tileProducts(true) ? await compareProduct(gpu) : "gpu.js has no assembleWGSL";
  if (reason === undefined) return true;
  gpu.tileProducts(false);
  console.warn(`gpujs: matrix products run untiled, which is slower, because ${reason}`);
  return false;
}

/** The fault of a product in tiles, or undefined. */
async function compareProduct(gpu: Gpu): Promise<string | undefined> {
  const lowering = new Lowering();
  const [left, right] = [
    [m, k],
    [k, n],
  ].map((shape, index) => {
    const buffer: Buffer = { id: index, dtype: "float32", size: sizeOf(shape) };
    lowering.place(buffer, { kind: "argument", index });
    return wholeView(buffer, shape);
  });
  const outputs = [launchProduct(lowering, left, right)];
  const { pipeline } = recordProgram(gpu, { launches: lowering.launches, outputs });
  // Small whole numbers: their products and sums are exact in any order.
  const [x, y] = [
    Float32Array.from({ length: m * k }, (_, i) => (i % 17) - 8),
    Float32Array.from({ length: k * n }, (_, i) => (i % 13) - 6),
  ];
  try {
    const [rows] = await pipeline.run([x, y]);
    return isProduct(joinRows(rows, m * n), x, y) ? undefined : "a product in tiles came out wrong";
  } catch (error) {
    return `a product in tiles did not run (${(error as Error).message})`;
  } finally {
    pipeline.destroy();
  }
}

function isProduct(got: Float32Array, x: Float32Array, y: Float32Array): boolean {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) sum += x[i * k + p] * y[p * n + j];
      if (got[i * n + j] !== sum) return false;
    }
  }
  return true;
}

import { type FunctionBuilder, i32 } from "../assembler/index.ts";
import { type Address, emitPackPanel, setScaled } from "./pack.ts";
import {
  type Product,
  type ProductSizes,
  packedSteps,
  panelBytes,
  panelCount,
  panelWidth,
  type RightFactor,
  type StepAxes,
} from "./product.ts";
import { emitPacked, emitRows, type Places } from "./productEmitter.ts";

/** Packs panels [lo, hi), locals 0 and 1, of B [k, n] into [n / width][k][width]. */
export function emitPack(fn: FunctionBuilder, product: ProductSizes & RightFactor, b: Address, panels: Address): void {
  const { format, n, bSteps, bColumn } = product;
  const width = panelWidth(product);
  const count = panelCount(product);
  const tail = n - (count - 1) * width;
  const [source, target, panel] = [fn.local("i32"), fn.local("i32"), fn.local("i32")];
  const one = (present: number): void => {
    setScaled(fn, source, b, panel, width * bColumn);
    setScaled(fn, target, panels, panel, panelBytes(product));
    alongSteps(fn, source, bSteps, ({ count, stride }) => {
      emitPackPanel(fn, { format, width, present, across: bColumn, along: stride }, source, target, () =>
        fn.i32(count),
      );
    });
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
      fn.i32(count - 1);
      fn.op(i32.ltU);
      fn.if(
        () => one(width),
        () => one(tail),
      );
    },
  );
}

/** Runs `body` for the innermost of nested axes, with the source at its first step; `body` moves the source behind the last. */
function alongSteps(
  fn: FunctionBuilder,
  source: number,
  [axis, ...inner]: StepAxes,
  body: (innermost: StepAxes[number]) => void,
): void {
  if (inner.length === 0) {
    body(axis);
    return;
  }
  const counter = fn.local("i32");
  fn.i32(0);
  fn.set(counter);
  fn.countedLoop(
    counter,
    () => fn.i32(axis.count),
    1,
    () => {
      alongSteps(fn, source, inner, body);
      fn.addTo(source, axis.stride - inner[0].count * inner[0].stride);
    },
  );
  fn.release(counter);
}

/**
 * Multiplies rows of tiles [lo, hi), locals 0 and 1.
 *
 * @param packed room for packed tiles of A
 */
export function emitMultiply(
  fn: FunctionBuilder,
  product: Product,
  places: Places & { readonly packed: Address },
): void {
  if (isPacked(product)) emitPacked(fn, product, places);
  else emitRows(fn, product, places);
}

/**
 * Whether A is packed: where its neighbours along k share no cache line, where rows are so long that they collide in the cache,
 * and where it runs backwards: the offsets of tiles are unsigned.
 */
const isPacked = ({ aRow, aStep, format, k }: Product): boolean =>
  aStep !== format.bytes || aRow < 0 || k > packedSteps;

/** Rows of tiles: the work items of a multiplication. */
export const tileRowCount = ({ m, tileRows }: Product): number => Math.ceil(m / tileRows);

/** Rough time of a row of tiles in ns. */
export const tileRowCost = ({ tileRows, k, n }: Product): number => (tileRows * k * n) / 25;

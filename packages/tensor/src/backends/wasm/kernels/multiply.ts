import { type FunctionBuilder, i32 } from "../assembler/index.ts";
import { type Address, emitPackPanel, setScaled } from "./pack.ts";
import { type Product, packedSteps, panelBytes, panelCount, panelWidth } from "./product.ts";
import { emitPacked, emitRows, type Places } from "./productEmitter.ts";

/** Packs panels [lo, hi), locals 0 and 1, of B [k, n] into [n / width][k][width]. */
export function emitPack(fn: FunctionBuilder, product: Product, b: Address, panels: Address): void {
  const { format, n, k, bRow, bStep } = product;
  const width = panelWidth(product);
  const count = panelCount(product);
  const tail = n - (count - 1) * width;
  const [source, target, panel] = [fn.local("i32"), fn.local("i32"), fn.local("i32")];
  const one = (present: number): void => {
    setScaled(fn, source, b, panel, width * bStep);
    setScaled(fn, target, panels, panel, panelBytes(product));
    emitPackPanel(fn, { format, width, present, across: bStep, along: bRow }, source, target, () => fn.i32(k));
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

import type { FunctionBuilder } from "../assembler/index.ts";
import { copyLocal } from "./localArithmetic.ts";
import { emitTile } from "./microKernel.ts";
import type { WholeMultiplication, WholePlaces } from "./multiplication.ts";
import { type Product, packedSteps, panelBytes, panelWidth } from "./product.ts";
import { tileOf } from "./productEmitter.ts";

/** Most bytes of B, which every row of tiles reads again: half of a first cache. */
const mostBytes = 2 ** 14;

/** Columns of a product that one row of tiles covers. */
interface Piece {
  readonly column: number;
  readonly columns: number;
  readonly vectors: number;
}

/**
 * A product of small matrices, or undefined where B is too large for the first cache or A runs backwards. A is read where it is in any
 * layout, B where its rows are neighbours in memory. C is written row of tiles by row of tiles, which the processor fetches ahead. Rows and
 * columns that are left join other tiles or make narrow ones, and no number of the result depends on that.
 */
export function wholeProduct(product: Product): WholeMultiplication | undefined {
  const { aRow, aStep, k, n, format } = product;
  if (aRow < 0 || aStep < 0 || k > packedSteps || k * n * format.bytes > mostBytes) return undefined;
  const isPacked = !isInRows(product);
  return { isPacked, emit: (fn, places) => emitWhole(fn, product, isPacked, places) };
}

/** Whether vectors along the columns of B lie in memory, row after row. */
const isInRows = ({ bSteps, bColumn, format }: Product): boolean =>
  bSteps.length === 1 && bSteps[0].stride >= 0 && bColumn === format.bytes;

function emitWhole(fn: FunctionBuilder, product: Product, isPacked: boolean, { a, b, c }: WholePlaces): void {
  const { format, vectors, bSteps, k, aRow, aStep, cRow } = product;
  const width = panelWidth(product);
  const bStep = isPacked ? 16 * vectors : bSteps[0].stride;
  const betweenPanels = isPacked ? panelBytes(product) : 16 * vectors;
  const [pa, pb, pc, row] = [fn.local("i32"), fn.local("i32"), fn.local("i32"), fn.local("i32")];
  const alongRows = (vectors: number, column: number, body: (tile: (columns: number) => void) => void): void => {
    copyLocal(fn, a, pa);
    copyLocal(fn, c, row);
    if (column > 0) fn.addTo(row, column * format.bytes);
    forRows(fn, product, vectors, (rows) => {
      copyLocal(fn, row, pc);
      body((columns) => {
        const tile = { rows, columns, k, aRow, aStep, part: "all" as const };
        emitTile(fn, { ...tileOf({ ...product, vectors }, tile), bStep }, { a: pa, b: pb, c: pc });
      });
      fn.addTo(pa, rows * aRow);
      fn.addTo(row, rows * cRow);
    });
  };
  const { panels, rest } = piecesOf(product);
  if (panels > 0) {
    alongRows(vectors, 0, (tile) => {
      copyLocal(fn, b, pb);
      forTimes(fn, panels, () => {
        tile(width);
        fn.addTo(pb, betweenPanels);
        fn.addTo(pc, 16 * vectors);
      });
    });
  }
  for (const { column, columns, vectors: own } of rest) {
    copyLocal(fn, b, pb);
    fn.addTo(pb, panels * betweenPanels + (column - panels * width) * format.bytes);
    alongRows(own, column, (tile) => tile(columns));
  }
  for (const local of [pa, pb, pc, row]) fn.release(local);
}

/** Whole panels, and the columns behind them in pieces of fewer and fewer vectors: no vector begins behind the last column. */
function piecesOf(product: Product): { readonly panels: number; readonly rest: readonly Piece[] } {
  const { n, vectors, format } = product;
  const panels = Math.floor(n / panelWidth(product));
  const rest: Piece[] = [];
  let column = panels * panelWidth(product);
  for (let own = vectors; column < n; own = Math.max(1, own / 2)) {
    const needed = Math.ceil((n - column) / format.count);
    if (own > needed) continue;
    const columns = Math.min(own * format.count, n - column);
    rest.push({ column, columns, vectors: own });
    column += columns;
  }
  return { panels, rest };
}

/** Rows of a tile of so many vectors, and most rows more that the last tile may have: registers hold them all. */
const rowsOfTile = (vectors: number): { readonly rows: number; readonly more: number } =>
  vectors === 1 ? { rows: 8, more: 2 } : { rows: 4, more: vectors === 2 ? 1 : 0 };

/** Runs over tiles: equal ones in a loop, and a last one of the rows that are left, which joins the tile before it where it is low. */
function forRows(fn: FunctionBuilder, { m }: Product, vectors: number, body: (rows: number) => void): void {
  const { rows, more } = rowsOfTile(vectors);
  const left = m % rows;
  const joins = m > rows && left <= more && left > 0;
  const tiles = Math.floor(m / rows) - (joins ? 1 : 0);
  forTimes(fn, tiles, () => body(rows));
  if (left > 0) body(joins ? rows + left : left);
}

/** Writes a loop of so many rounds; one round needs no loop. */
function forTimes(fn: FunctionBuilder, times: number, body: () => void): void {
  if (times === 1) body();
  if (times <= 1) return;
  const round = fn.local("i32");
  fn.i32(0);
  fn.set(round);
  fn.countedLoop(round, () => fn.i32(times), 1, body);
  fn.release(round);
}

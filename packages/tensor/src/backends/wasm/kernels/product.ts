import type { ElementFormat } from "./elementFormat.ts";

/** The sizes of a matrix product, all static, and its tiles. */
export interface ProductSizes {
  readonly format: ElementFormat;
  readonly fma: boolean;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** Bytes between rows of C. */
  readonly cRow: number;
  /** Rows and vectors of a full tile. */
  readonly tileRows: number;
  readonly vectors: number;
}

/** Steps along k as nested axes, the outermost first: their numbers, and bytes between neighbours. */
export type StepAxes = readonly { readonly count: number; readonly stride: number }[];

/** The right factor of a product [k, n]. */
export interface RightFactor {
  readonly bSteps: StepAxes;
  /** Bytes between neighbours along n. */
  readonly bColumn: number;
}

/** One matrix product with everything static: sizes, and strides in bytes. */
export interface Product extends ProductSizes, RightFactor {
  readonly aRow: number;
  readonly aStep: number;
}

/** Rows and vectors of the tiles of a product with n columns: few columns leave room for more rows. */
export const tileShape = (n: number, format: ElementFormat, isWide: boolean): { tileRows: number; vectors: number } =>
  n <= format.count ? { tileRows: 8, vectors: 1 } : { tileRows: 4, vectors: isWide ? 4 : 2 };

/** Rows of A that are walked for every panel of B, so that they stay in the cache. */
export const rowBlock = 64;
/** Steps of k for which A is packed at a time. */
export const packedSteps = 512;

/** Bytes of B as panels. */
export const panelBytes = ({ k, vectors }: ProductSizes): number => k * vectors * 16;
export const panelWidth = ({ vectors, format }: ProductSizes): number => vectors * format.count;
export const panelCount = (product: ProductSizes): number => Math.ceil(product.n / panelWidth(product));

/** Bytes of a step of a packed tile of A: whole vectors. */
export const stepBytes = ({ tileRows, format }: ProductSizes): number => Math.max(16, tileRows * format.bytes);

/** Bytes of a packed tile of A: a block of steps. */
export const tileBytes = (product: ProductSizes): number => Math.min(product.k, packedSteps) * stepBytes(product);

/** Bytes of scratch for packed tiles of A: all of them, a block of steps. */
export const packedBytes = (product: Product): number => Math.ceil(product.m / product.tileRows) * tileBytes(product);

/** Bytes of a row of C's rounding errors: whole vectors, panel by panel. */
export const lostRowBytes = (product: ProductSizes): number => panelCount(product) * product.vectors * 16;

/** Bytes of scratch for C's rounding errors; 0 for exact sums and for one block of steps. */
const lostBytes = (product: Product): number =>
  product.k > packedSteps && product.format.sum
    ? Math.ceil(product.m / product.tileRows) * product.tileRows * lostRowBytes(product)
    : 0;

/** Bytes of scratch besides panels: packed tiles of A, then rounding errors. */
export const rowScratchBytes = (product: Product): number => packedBytes(product) + lostBytes(product);

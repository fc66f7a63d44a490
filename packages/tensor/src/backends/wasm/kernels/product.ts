import type { ElementFormat } from "./elementFormat.ts";

/** One matrix product with everything static: sizes, and strides in bytes. */
export interface Product {
  readonly format: ElementFormat;
  readonly fma: boolean;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly aRow: number;
  readonly aStep: number;
  readonly bRow: number;
  readonly bStep: number;
  readonly cRow: number;
  /** Rows and vectors of a full tile. */
  readonly tileRows: number;
  readonly vectors: number;
}

/** Rows of A that are walked for every panel of B, so that they stay in the cache. */
export const rowBlock = 64;
/** Steps of k for which A is packed at a time. */
export const packedSteps = 512;

/** Bytes of B as panels. */
export const panelBytes = ({ k, vectors }: Product): number => k * vectors * 16;
export const panelWidth = ({ vectors, format }: Product): number => vectors * format.count;
export const panelCount = (product: Product): number => Math.ceil(product.n / panelWidth(product));

/** Bytes of scratch for packed tiles of A: all of them, a block of steps. */
export const packedBytes = ({ m, k, tileRows, format }: Product): number =>
  Math.ceil(m / tileRows) * Math.min(k, packedSteps) * Math.max(16, tileRows * format.bytes);

/** Bytes of a row of C's rounding errors: whole vectors, panel by panel. */
export const lostRowBytes = (product: Product): number => panelCount(product) * product.vectors * 16;

/** Bytes of scratch for C's rounding errors; 0 for exact sums and for one block of steps. */
const lostBytes = (product: Product): number =>
  product.k > packedSteps && product.format.sum
    ? Math.ceil(product.m / product.tileRows) * product.tileRows * lostRowBytes(product)
    : 0;

/** Bytes of scratch besides panels: packed tiles of A, then rounding errors. */
export const rowScratchBytes = (product: Product): number => packedBytes(product) + lostBytes(product);

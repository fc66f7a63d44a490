import type { ConvParams, Pair } from "../../../primitives/convolution.ts";
import type { ProductSizes } from "./product.ts";

/** A product whose left factor is the windows of pictures. */
export interface WindowProduct extends ProductSizes {
  /** Without zeros between rows of pictures: phases have none. */
  readonly params: ConvParams;
  /** Rows and columns of the kernel. */
  readonly kernel: Pair;
  readonly picture: Picture;
  /**
   * Rows of tiles and steps along k. "places": rows are outputs in their order, steps run over the kernel and then channels. "pictures": each output is a group whose rows are pictures, which must be neighbours in memory; steps run over channels
   * and then the kernel.
   */
  readonly order: "places" | "pictures";
  /** Groups of m rows; a tile belongs to one group. */
  readonly groups: number;
  /** Where groups begin in C: bytes between groups, and between runs of so many groups. */
  readonly cGroups: { readonly run: number; readonly inRun: number; readonly betweenRuns: number };
}

/** Sizes of pictures, and bytes between neighbours. */
export interface Picture {
  readonly h: number;
  readonly w: number;
  readonly channels: number;
  readonly strides: {
    readonly picture: number;
    readonly row: number;
    readonly column: number;
    readonly channel: number;
  };
}

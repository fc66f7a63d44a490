import type { KernelText, MatrixProduct } from "./kernelText.ts";
import { isWorthTiles, tile, tiledWgsl } from "./tiledProduct.ts";

/** A kernel about to be built. */
interface RawBuild {
  readonly source: string;
  readonly output: readonly number[];
  workgroupSize: readonly number[];
}

/** The prototype of gpu.js's kernels for WebGPU. */
export interface WgslAssembler {
  assembleWGSL?: (this: RawBuild) => string;
}

/**
 * Puts a WGSL kernel of our own in place of the one that gpu.js makes of a matrix product. This leans on two members that
 * gpu.js 2.24.1 does not document: `allowTiles` compares a result before tiles are used.
 */
export class ProductTiles {
  private isOn = false;
  private readonly products = new Map<string, MatrixProduct>();
  private readonly isPossible: boolean;

  constructor(prototype: WgslAssembler) {
    const { assembleWGSL } = prototype;
    this.isPossible = typeof assembleWGSL === "function";
    if (!assembleWGSL) return;
    const { products } = this;
    prototype.assembleWGSL = function (this: RawBuild): string {
      const text = assembleWGSL.call(this);
      const product = products.get(keyOf(this.source, this.output));
      const entry = text.indexOf("@compute");
      if (!product || entry < 0) return text;
      this.workgroupSize = [tile.size, tile.size, 1];
      return `${text.slice(0, entry)}${tiledWgsl(product)}`;
    };
  }

  use(isTiled: boolean): boolean {
    this.isOn = isTiled && this.isPossible;
    if (!this.isOn) this.products.clear();
    return this.isOn;
  }

  note({ source, output, product }: KernelText): void {
    if (product && this.isOn && isWorthTiles(product)) this.products.set(keyOf(source, output), product);
  }
}

const keyOf = (source: string, output: readonly number[]): string => `${source} ${output.join()}`;

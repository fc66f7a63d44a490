import { type FunctionBuilder, i32, v128 } from "../assembler/index.ts";
import { scale, setQuotient, setRemainder, times } from "./localArithmetic.ts";
import { setScaled } from "./pack.ts";
import { stepBytes } from "./product.ts";
import type { WindowProduct } from "./windowProduct.ts";
import { inRuns, pushDistance, pushIsInside, setAddress, type WindowTile } from "./windowTile.ts";

/** Rows of a tile are pictures that are neighbours in memory: each step is the vectors at one address. */
export function packPictures(fn: FunctionBuilder, product: WindowProduct, tile: WindowTile): void {
  const { params, picture, kernel, format } = product;
  const { stride, dilation, low, size } = params;
  const [base, y0, x0] = [fn.local("i32"), fn.local("i32"), fn.local("i32")];
  setScaled(fn, base, tile.a, tile.inGroup, product.tileRows * format.bytes);
  setQuotient(fn, y0, tile.group, size[1]);
  setRemainder(fn, x0, tile.group, size[1]);
  scale(fn, y0, stride[0], -low[0]);
  scale(fn, x0, stride[1], -low[1]);
  const [channel, kx, y, x] = [fn.local("i32"), fn.local("i32"), fn.local("i32"), fn.local("i32")];
  const [row, isInside, vector] = [fn.local("i32"), fn.local("i32"), fn.local("v128")];
  inRuns(fn, tile, kernel[1], (step, run) => {
    setQuotient(fn, channel, step, kernel[0] * kernel[1]);
    setRemainder(fn, kx, step, kernel[1]);
    setQuotient(fn, y, step, kernel[1]);
    setRemainder(fn, y, y, kernel[0]);
    setScaled(fn, y, { local: y0 }, y, dilation[0]);
    setScaled(fn, x, { local: x0 }, kx, dilation[1]);
    pushIsInside(fn, product, 0, y);
    fn.set(isInside);
    setScaled(fn, row, { local: base }, channel, picture.strides.channel);
    fn.get(row);
    pushDistance(fn, product, 0, y);
    fn.op(i32.add);
    fn.set(row);
    times(fn, run, 1, () => {
      setAddress(fn, product, tile, kx, { start: row, column: x, isInside });
      for (let j = 0; j < stepBytes(product) / 16; j++) {
        fn.get(kx);
        fn.memory(v128.load, 16 * j);
        fn.set(vector);
        fn.get(tile.target);
        fn.get(vector);
        fn.memory(v128.store, 16 * j);
      }
      fn.addTo(tile.target, stepBytes(product));
      fn.addTo(x, dilation[1]);
    });
  });
}

import { broadcastTo, formatShape, mean, ShapeError, type Tensor } from "@pushforward/tensor";
import { checkWhole } from "../layers/layer.ts";
import { checkPictures } from "./patchify.ts";

/**
 * Larger pictures: every pixel becomes a square of equal pixels.
 *
 * @param x      [batch, height, width, channels]
 * @param factor side of the square; default 2
 * @returns [batch, factor·height, factor·width, channels]
 */
export function upsample(x: Tensor, factor = 2): Tensor {
  checkPictures("upsample", x);
  checkWhole("upsample", "factor", factor, 1);
  const [batch, height, width, channels] = x.shape;
  const spread = broadcastTo(x.reshape([batch, height, 1, width, 1, channels]), [
    ...[batch, height, factor],
    ...[width, factor, channels],
  ]);
  return spread.reshape([batch, factor * height, factor * width, channels]);
}

/**
 * Smaller pictures: every square of pixels becomes its mean.
 *
 * @param x    [batch, height, width, channels]
 * @param size side of the square, a divisor of height and width; default 2
 * @returns [batch, height/size, width/size, channels]
 * @throws  ShapeError if the squares do not fill the pictures
 */
export function averagePool(x: Tensor, size = 2): Tensor {
  checkPictures("averagePool", x);
  checkWhole("averagePool", "size", size, 1);
  const [batch, height, width, channels] = x.shape;
  if (height % size !== 0 || width % size !== 0) {
    throw new ShapeError(`averagePool: size must divide height and width, got ${size} for ${formatShape(x.shape)}`);
  }
  return mean(x.reshape([batch, height / size, size, width / size, size, channels]), [2, 4]);
}

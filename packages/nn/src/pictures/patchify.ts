import { DTypeError, formatShape, inWords, mustBe, ShapeError, Tensor, transpose } from "@pushforward/tensor";
import { checkWhole } from "../layers/layer.ts";

/**
 * Cuts pictures into square patches, row by row; the pixels of a patch follow one another row by row, each with its channels.
 *
 * @param x     [batch, height, width, channels]
 * @param patch side of a patch in pixels, a divisor of height and width
 * @returns [batch, patches, patch·patch·channels]
 * @throws  ShapeError if the patches do not fill the pictures
 */
export function patchify(x: Tensor, patch: number): Tensor {
  checkPictures("patchify", x);
  checkWhole("patchify", "patch", patch, 1);
  const [batch, height, width, channels] = x.shape;
  const [rows, columns] = gridOf("patchify", [height, width], patch);
  const cut = x.reshape([batch, rows, patch, columns, patch, channels]);
  return transpose(cut, [0, 1, 3, 2, 4, 5]).reshape([batch, rows * columns, patch * patch * channels]);
}

/**
 * Joins patches to pictures: the inverse of `patchify`.
 *
 * @param x     [batch, patches, patch·patch·channels]
 * @param image height, width and channels of a picture
 * @param patch side of a patch in pixels
 * @returns [batch, height, width, channels]
 * @throws  ShapeError if the patches do not fill the pictures
 */
export function unpatchify(
  x: Tensor,
  image: readonly [height: number, width: number, channels: number],
  patch: number,
): Tensor {
  if (!(x instanceof Tensor)) throw new DTypeError(`unpatchify: x must be a tensor, got ${inWords(x)}`);
  checkImage("unpatchify", image);
  checkWhole("unpatchify", "patch", patch, 1);
  const [height, width, channels] = image;
  const [rows, columns] = gridOf("unpatchify", [height, width], patch);
  const wanted = [rows * columns, patch * patch * channels];
  if (x.rank !== 3 || x.shape[1] !== wanted[0] || x.shape[2] !== wanted[1]) {
    throw new ShapeError(
      `unpatchify: x must be [batch, ${wanted.join(", ")}] for pictures ${formatShape(image)} of patches ${patch}, got ${formatShape(x.shape)}`,
    );
  }
  const cut = x.reshape([x.shape[0], rows, columns, patch, patch, channels]);
  return transpose(cut, [0, 1, 3, 2, 4, 5]).reshape([x.shape[0], height, width, channels]);
}

/**
 * Checks pictures [batch, height, width, channels].
 *
 * @throws DTypeError or ShapeError that names the operation
 */
export function checkPictures(operation: string, x: Tensor): void {
  const wanted = "[batch, height, width, channels]";
  if (!(x instanceof Tensor)) throw new DTypeError(`${operation}: x must be a tensor ${wanted}, got ${inWords(x)}`);
  if (x.rank !== 4) throw new ShapeError(`${operation}: x must be ${wanted}, got ${formatShape(x.shape)}`);
}

/**
 * Checks the size of pictures: height, width and channels.
 *
 * @throws DTypeError, ShapeError or DomainError that names the operation
 */
export function checkImage(operation: string, image: readonly number[]): void {
  mustBe(operation, "image", image, "list");
  if (image.length !== 3) {
    throw new ShapeError(`${operation}: image must be [height, width, channels], got ${formatShape(image)}`);
  }
  for (const [i, name] of ["height", "width", "channels"].entries()) {
    checkWhole(operation, `the ${name} of image`, image[i], 1);
  }
}

/**
 * The number of rows and columns of patches.
 *
 * @throws ShapeError if the patches do not fill a picture
 */
export function gridOf(
  operation: string,
  [height, width]: readonly number[],
  patch: number,
): [rows: number, columns: number] {
  if (height % patch === 0 && width % patch === 0) return [height / patch, width / patch];
  throw new ShapeError(`${operation}: patches of ${patch} pixels must fill pictures of ${height} × ${width} pixels`);
}

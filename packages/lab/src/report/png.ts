import { ShapeError } from "@pushforward/tensor";
import { type ColorType, PNG } from "pngjs";

/** A picture as bytes. */
export interface Bitmap {
  readonly width: number;
  readonly height: number;
  /** Samples of a pixel: 1 grey, 3 red, green and blue, 4 with opacity beside. */
  readonly channels: keyof typeof colorTypes;
  /** 0 black to 255 white, pixel by pixel, row by row, [height·width·channels]. */
  readonly samples: Uint8Array;
}

/** Colour types of PNG files by the number of samples of a pixel. @source W3C, PNG Specification, 11.2.2 IHDR */
const colorTypes = { 1: 0, 3: 2, 4: 6 } as const satisfies Record<number, ColorType>;

/**
 * A picture as a PNG file: 8 bits, colour type 0, 2 or 6.
 *
 * @throws ShapeError if the samples do not fill the picture
 */
export function encodePng({ width, height, channels, samples }: Bitmap): Uint8Array {
  if (samples.length !== width * height * channels || samples.length === 0) {
    const [needed, got] = [width * height, samples.length / channels];
    throw new ShapeError(`encodePng: ${width} × ${height} needs ${needed} pixels, at least one, got ${got}`);
  }
  const colorType = colorTypes[channels];
  const picture = Object.assign(new PNG({ width, height }), { data: Buffer.from(samples) });
  return PNG.sync.write(picture, { colorType, inputColorType: colorType, inputHasAlpha: channels === 4 });
}

/** A PNG file as an address that a page contains. */
export const pngAddress = (picture: Bitmap): string =>
  `data:image/png;base64,${Buffer.from(encodePng(picture)).toString("base64")}`;

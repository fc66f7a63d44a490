import { parseColor, pixelOf, type Rgb } from "./color.ts";
import { type Arrows, paintArrows, paintPaths } from "./paintLines.ts";
import { type Picture, paintPoints } from "./paintPoints.ts";
import { fieldSide, type Plane, type PlanePoints } from "./plane.ts";

/** The contents of one picture over the data. */
export interface Scene {
  readonly plane: Plane;
  readonly data: PlanePoints;
  readonly samples?: PlanePoints;
  /** Lines of the sampler, and of the exact flow. */
  readonly paths?: readonly PlanePoints[];
  readonly exactPaths?: readonly PlanePoints[];
  /** Velocities on a grid: those of the network, and the exact ones. */
  readonly field?: Arrows;
  readonly exactField?: Arrows;
}

/** Colours of a picture, which follow the light or dark background of the page. */
export interface PictureColors {
  readonly paper: Rgb;
  readonly data: Rgb;
  readonly samples: Rgb;
}

/** Dots become larger on finer pictures. */
const radiusOf = (side: number): number => Math.max(1, side / 300);

/** The data of a scene alone, over which everything else is painted. */
export function paintData(
  { plane, data }: Pick<Scene, "plane" | "data">,
  side: number,
  colors: PictureColors,
): Picture {
  const picture: Picture = { pixels: new Uint32Array(side * side).fill(pixelOf(colors.paper)), side };
  paintPoints(picture, data, plane, { color: colors.data, opacity: 0.12, radius: radiusOf(side) });
  return picture;
}

/**
 * The picture of a scene: samples, lines or arrows over the data, those of the network over the exact ones.
 *
 * @param background the picture of the data, if it is there already
 */
export function paintScene(
  scene: Scene,
  side: number,
  colors: PictureColors,
  background = paintData(scene, side, colors),
): Picture {
  const { plane, samples = [], paths = [], exactPaths = [], field, exactField } = scene;
  const picture: Picture = { pixels: background.pixels.slice(), side };
  const radius = radiusOf(side);
  paintPaths(picture, exactPaths, plane, { color: colors.data, opacity: 0.4 });
  paintPaths(picture, paths, plane, { color: colors.samples, opacity: 0.8 });
  paintPoints(picture, paths.flatMap(stationsOf), plane, { color: colors.samples, opacity: 0.9, radius });
  paintPoints(picture, samples, plane, { color: colors.samples, opacity: 0.65, radius });
  const scale = arrowScale(plane, [exactField, field]);
  if (exactField) paintArrows(picture, exactField, plane, { color: colors.data, opacity: 0.6, scale });
  if (field) paintArrows(picture, field, plane, { color: colors.samples, opacity: 0.9, scale });
  return picture;
}

/** The points of a line after its start. */
const stationsOf = (path: PlanePoints): number[] => Array.from(path).slice(2);

/** The length of vectors that are drawn with length 1: the longest of all fields fill their cells. */
function arrowScale({ half }: Plane, fields: readonly (Arrows | undefined)[]): number {
  const lengths = fields.flatMap((each) => (each ? lengthsOf(each.vectors) : [])).filter(Number.isFinite);
  return Math.max(...lengths, Number.MIN_VALUE) / ((2 * half) / fieldSide);
}

const lengthsOf = (vectors: PlanePoints): number[] =>
  Array.from({ length: vectors.length / 2 }, (_, i) => Math.hypot(vectors[2 * i], vectors[2 * i + 1]));

/** A picture as canvases take it. */
export const imageOf = ({ pixels, side }: Picture): ImageData =>
  new ImageData(new Uint8ClampedArray(pixels.buffer), side, side);

/** The colours of a picture where an element stands. */
export function colorsAt(element: Element, samples: string): PictureColors {
  const style = getComputedStyle(element);
  const colorOf = (name: string): Rgb => parseColor(style.getPropertyValue(name));
  return { paper: colorOf("--card"), data: colorOf("--data"), samples: colorOf(samples) };
}

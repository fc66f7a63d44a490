import { pixelOf } from "../paint/color.ts";
import { type Picture, paintPoints } from "../paint/paintPoints.ts";
import type { Plane, PlanePoints } from "../paint/plane.ts";
import { digest } from "./digest.ts";
import type { PictureColors } from "./messages.ts";

/** Sets of points of one picture. */
export interface Scene {
  readonly plane: Plane;
  readonly data: PlanePoints;
  readonly samples: PlanePoints;
}

/** Dots become a little larger on fine screens. */
const radiusOf = (side: number): number => Math.max(1, side / 340);

/** The canvas of a pane in its worker: paints the newest scene whenever the scene, the size or the colours change. */
export class Easel {
  private context: OffscreenCanvasRenderingContext2D | null = null;
  private look: { readonly side: number; readonly colors: PictureColors } | undefined;
  private scene: Scene | undefined;

  setCanvas(canvas: OffscreenCanvas): string | undefined {
    this.context = canvas.getContext("2d");
    return this.paint();
  }

  setLook(look: { readonly side: number; readonly colors: PictureColors }): string | undefined {
    this.look = look;
    return this.paint();
  }

  setScene(scene: Scene): string | undefined {
    this.scene = scene;
    return this.paint();
  }

  /** Paints; the digest of the pixels, or undefined while the canvas, the size or the scene is missing. */
  private paint(): string | undefined {
    const { context, look, scene } = this;
    if (!context || !look || !scene) return undefined;
    const { side, colors } = look;
    const picture: Picture = { pixels: new Uint32Array(side * side).fill(pixelOf(colors.paper)), side };
    paintPoints(picture, scene.data, scene.plane, { color: colors.data, opacity: 0.22, radius: radiusOf(side) });
    paintPoints(picture, scene.samples, scene.plane, { color: colors.samples, opacity: 0.6, radius: radiusOf(side) });
    const { canvas } = context;
    if (canvas.width !== side) [canvas.width, canvas.height] = [side, side];
    context.putImageData(new ImageData(new Uint8ClampedArray(picture.pixels.buffer), side, side), 0, 0);
    return digest(picture.pixels);
  }
}

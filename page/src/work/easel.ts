import type { Picture } from "../paint/paintPoints.ts";
import { imageOf, type PictureColors, paintScene, type Scene } from "../paint/paintScene.ts";

/** Size in pixels and colours of a picture. */
export interface Look {
  readonly side: number;
  readonly colors: PictureColors;
}

/** A request about the canvas of a worker. */
export type CanvasRequest =
  /** The canvas that the worker paints from now on; it is transferred. */
  { readonly kind: "canvas"; readonly canvas: OffscreenCanvas } | ({ readonly kind: "look" } & Look);

/** The canvas of a lane in its worker: its size and its colours come from the page. */
export class Easel {
  private context: OffscreenCanvasRenderingContext2D | null = null;
  private look: Look | undefined;

  setCanvas(canvas: OffscreenCanvas): void {
    this.context = canvas.getContext("2d");
  }

  setLook(look: Look): void {
    this.look = look;
  }

  /** Paints a scene; its picture, or undefined while the canvas or its size is missing. */
  paint(scene: Scene): Picture | undefined {
    const { context, look } = this;
    if (!context || !look) return undefined;
    const { side, colors } = look;
    const picture = paintScene(scene, side, colors);
    const { canvas } = context;
    if (canvas.width !== side) [canvas.width, canvas.height] = [side, side];
    context.putImageData(imageOf(picture), 0, 0);
    return picture;
  }
}

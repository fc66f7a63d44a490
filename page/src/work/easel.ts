import type { Picture } from "../paint/paintPoints.ts";
import { imageOf, type PictureColors, paintData, paintScene, type Scene } from "../paint/paintScene.ts";
import type { PlanePoints } from "../paint/plane.ts";

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
  private background: { readonly data: PlanePoints; readonly picture: Picture } | undefined;

  setCanvas(canvas: OffscreenCanvas): void {
    this.context = canvas.getContext("2d");
  }

  setLook(look: Look): void {
    this.background = undefined;
    this.look = look;
  }

  /** The picture of the data, which stay the same from picture to picture. */
  private backgroundOf(scene: Scene): Picture {
    const { side, colors } = this.look!;
    if (!this.background || this.background.data !== scene.data)
      this.background = { data: scene.data, picture: paintData(scene, side, colors) };
    return this.background.picture;
  }

  /** Paints a scene; its picture, or undefined while the canvas or its size is missing. */
  paint(scene: Scene): Picture | undefined {
    const { context, look } = this;
    if (!context || !look) return undefined;
    const { side, colors } = look;
    const picture = paintScene(scene, side, colors, this.backgroundOf(scene));
    const { canvas } = context;
    if (canvas.width !== side) [canvas.width, canvas.height] = [side, side];
    context.putImageData(imageOf(picture), 0, 0);
    return picture;
  }
}

import type { Rgb } from "../paint/color.ts";

/** Colours of a picture, which follow the light or dark background of the page. */
export interface PictureColors {
  readonly paper: Rgb;
  readonly data: Rgb;
  readonly samples: Rgb;
}

/** A request to the worker of a pane. */
export type Request =
  /** The canvas that the worker paints from now on; it is transferred. */
  | { readonly kind: "canvas"; readonly canvas: OffscreenCanvas }
  /** Size in pixels and colours of the picture. */
  | { readonly kind: "look"; readonly side: number; readonly colors: PictureColors }
  /** Paints the held-out points of an embedded problem. */
  | { readonly kind: "data"; readonly problem: string };

/** A message of the worker. */
export type Result =
  /** A picture was painted; the digest is that of its pixels. */
  | { readonly kind: "painted"; readonly pixels: string }
  /** The request had no result; a sentence says why. */
  | { readonly kind: "failed"; readonly message: string };

/** A colour: red, green, blue, 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** The colour that a CSS text `#rrggbb` says; black where it says none. */
export function parseColor(text: string): Rgb {
  const code = /^\s*#([0-9a-f]{6})\s*$/i.exec(text)?.[1] ?? "000000";
  const at = (place: number): number => Number.parseInt(code.slice(place, place + 2), 16);
  return [at(0), at(2), at(4)];
}

/** An opaque pixel of a picture, as a canvas on a little-endian machine holds it. */
export const pixelOf = ([red, green, blue]: Rgb): number => ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;

/** A pixel with a colour over it. */
export function blend(pixel: number, [red, green, blue]: Rgb, opacity: number): number {
  const mix = (below: number, above: number): number => Math.round(below + (above - below) * opacity);
  return pixelOf([mix(pixel & 255, red), mix((pixel >> 8) & 255, green), mix((pixel >> 16) & 255, blue)]);
}

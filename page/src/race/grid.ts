/** Places along each side of the drawing pad. */
export const gridSize = 256;
/** Half of a side of the pad, in data units. */
export const padHalf = 4;
/** Most and least points of a drawing. */
export const [mostPoints, leastPoints] = [800, 20];

/** Coordinates of places on the grid, x and y in turn, y upwards. */
export const coordinatesOf = (places: readonly number[]): number[] =>
  places.map((place, i) => {
    const part = (2 * place) / (gridSize - 1) - 1;
    return (i % 2 === 0 ? part : -part) * padHalf;
  });

/** Places as a text of letters, digits, `-` and `_`. */
export const printPlaces = (places: readonly number[]): string =>
  btoa(String.fromCharCode(...places))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");

/** The places of a text; undefined if the text is none of {@link printPlaces}. */
export function parsePlaces(text: string): number[] | undefined {
  if (!/^[\w-]*$/.test(text)) return undefined;
  try {
    const bytes = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const places = Array.from(bytes, (byte) => byte.charCodeAt(0));
    return places.length % 2 === 0 && places.length <= 2 * mostPoints ? places : undefined;
  } catch {
    return undefined; // not base64
  }
}

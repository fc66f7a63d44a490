import { gridSize } from "./grid.ts";

/** Points of a spray, and its radius in places of the grid. */
const [sprayCount, sprayRadius] = [6, 7];
/** The golden angle: points of a spray lie apart, and no two sprays alike. */
const goldenAngle = Math.PI * (3 - Math.sqrt(5));

/**
 * Places of a spray of points around a place of the grid, as a pencil of some width leaves them.
 *
 * @param before number of points that were drawn before, which turns the spray
 */
export function spray(column: number, row: number, before: number): number[] {
  const bound = (place: number): number => Math.min(gridSize - 1, Math.max(0, Math.round(place)));
  return Array.from({ length: sprayCount }, (_, i) => {
    const radius = sprayRadius * Math.sqrt((i + 0.5) / sprayCount);
    const angle = (before + i) * goldenAngle;
    return [bound(column + radius * Math.cos(angle)), bound(row + radius * Math.sin(angle))];
  }).flat();
}

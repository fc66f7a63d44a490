import type { StrokePoint } from "./digitStrokes.ts";

/** How a digit is written: what moves its points, and the pen. */
export interface Hand {
  /** Height of the digit, in parts of the picture. */
  readonly height: number;
  /** Width over the width as designed. */
  readonly stretch: number;
  /** Shift to the right for each unit up. */
  readonly slant: number;
  /** Tangent of half the angle by which the digit is turned. */
  readonly turn: number;
  /** Shift of the middle, in parts of the picture. */
  readonly shift: StrokePoint;
  /** Displacements of the points of a grid over the digit, in parts of its height, row by row. */
  readonly bends: readonly StrokePoint[];
  /** Radius of the pen in pixels. */
  readonly pen: number;
}

/** Points of the grid that bends a digit: from left to right and from top to bottom. */
const grid = { across: 3, down: 4 } as const;

/** Limits of the numbers of a hand. */
const limits = {
  height: [0.56, 0.82],
  stretch: [0.75, 1.1],
  slant: [-0.2, 0.5],
  turn: [-0.05, 0.05],
  shift: [-0.08, 0.08],
  bend: [-0.03, 0.03],
  pen: [0.4, 0.95],
} as const;

/** Number of uniform numbers that describe a hand. */
export const handNumbers = 7 + 2 * grid.across * grid.down;

/** A hand by uniform numbers from 0 to 1. */
export function handOf(numbers: readonly number[]): Hand {
  const within = (name: keyof typeof limits, i: number): number => {
    const [low, high] = limits[name];
    return low + (high - low) * numbers[i];
  };
  return {
    height: within("height", 0),
    stretch: within("stretch", 1),
    slant: within("slant", 2),
    turn: within("turn", 3),
    shift: [within("shift", 4), within("shift", 5)],
    pen: within("pen", 6),
    bends: Array.from({ length: grid.across * grid.down }, (_, i) => [
      within("bend", 7 + 2 * i),
      within("bend", 8 + 2 * i),
    ]),
  };
}

/** Middle of the digits as designed, in parts of their height. */
const middle: StrokePoint = [0.35, 0.5];

/** Points of a digit as a hand writes them, in pixels of a picture with this side. */
export function writtenBy(hand: Hand, points: readonly StrokePoint[], side: number): StrokePoint[] {
  const { height, stretch, slant, turn, shift, bends } = hand;
  const norm = 1 + turn * turn;
  const [cos, sin] = [(1 - turn * turn) / norm, (2 * turn) / norm];
  return points.map(([across, down]) => {
    const [dx, dy] = displacement(bends, across / 70, down / 100);
    const y = down / 100 + dy - middle[1];
    const x = stretch * (across / 100 + dx - middle[0]) - slant * y;
    const right = cos * x - sin * y;
    const below = sin * x + cos * y;
    return [side * (0.5 + shift[0] + height * right), side * (0.5 + shift[1] + height * below)];
  });
}

/** Displacement of a point by the points of the grid around it, bilinear between them; x and y from 0 to 1. */
function displacement(bends: Hand["bends"], x: number, y: number): StrokePoint {
  const [column, right] = cellOf(x, grid.across);
  const [row, below] = cellOf(y, grid.down);
  const at = row * grid.across + column;
  const [top, bottom] = [at, at + grid.across].map((left) => between(bends[left], bends[left + 1], right));
  return between(top, bottom, below);
}

/** A point between two points, `part` of the way from the first to the second. */
const between = (a: StrokePoint, b: StrokePoint, part: number): StrokePoint => [
  a[0] + part * (b[0] - a[0]),
  a[1] + part * (b[1] - a[1]),
];

/** The cell of a number from 0 to 1 between `points` points, and the place within the cell from 0 to 1. */
function cellOf(x: number, points: number): [cell: number, within: number] {
  const scaled = Math.min(Math.max(x, 0), 1) * (points - 1);
  const cell = Math.min(Math.floor(scaled), points - 2);
  return [cell, scaled - cell];
}

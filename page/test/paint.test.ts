import { describe, expect, it } from "vitest";
import { blend, parseColor, pixelOf } from "../src/paint/color.ts";
import { paintArrows, paintPaths } from "../src/paint/paintLines.ts";
import { type Picture, paintPoints } from "../src/paint/paintPoints.ts";
import { planeAround } from "../src/paint/plane.ts";

const white = pixelOf([255, 255, 255]);
const plane = { center: [0, 0], half: 1 } as const;
const blank = (side: number): Picture => ({ pixels: new Uint32Array(side * side).fill(white), side });
/** Places [column, row] of pixels that are not white. */
const painted = ({ pixels, side }: Picture): number[][] =>
  Array.from(pixels, (pixel, i) => (pixel === white ? [] : [[i % side, Math.floor(i / side)]])).flat();

describe("colours", () => {
  it("are read from style sheets", () => {
    expect(parseColor(" #2F62c9")).toEqual([47, 98, 201]);
    expect(parseColor("red")).toEqual([0, 0, 0]);
  });

  it("lie in memory as canvases hold them", () => {
    expect([...new Uint8Array(Uint32Array.of(pixelOf([1, 2, 3])).buffer)]).toEqual([1, 2, 3, 255]);
  });

  it("mix by their opacity", () => {
    expect(blend(white, [0, 100, 255], 0)).toBe(white);
    expect(blend(white, [0, 100, 255], 1)).toBe(pixelOf([0, 100, 255]));
    expect(blend(white, [0, 100, 255], 0.2)).toBe(pixelOf([204, 224, 255]));
  });
});

describe("points", () => {
  const dot = { color: [0, 0, 0], opacity: 1, radius: 0 } as const;

  it("lie where the plane has them: x to the right, y upwards", () => {
    const picture = blank(8);
    paintPoints(picture, [0.5, 0.75, -1, -0.75], plane, dot);
    expect(painted(picture)).toEqual([
      [6, 1],
      [0, 7],
    ]);
  });

  it("outside the plane, or not finite, are left out", () => {
    const picture = blank(8);
    paintPoints(picture, [1.2, 0, 0, -1.5, Number.NaN, 0, 0, Infinity, -Infinity, 0], plane, dot);
    expect(painted(picture)).toEqual([]);
  });

  it("are discs, cut at the edge", () => {
    const picture = blank(8);
    paintPoints(picture, [-1, 1, 0, 0], plane, { ...dot, radius: 1 });
    expect(painted(picture)).toHaveLength(3 + 5);
  });

  it("deepen where they overlap", () => {
    const picture = blank(8);
    paintPoints(picture, [0, 0, 0, 0], plane, { ...dot, opacity: 0.5 });
    expect(picture.pixels[4 * 8 + 4]).toBe(pixelOf([64, 64, 64]));
  });
});

describe("the plane around points", () => {
  it("is a square with room, whatever is not finite", () => {
    const { center, half } = planeAround([-1, 0, 3, 1, Number.NaN, 9, Infinity, 0.5]);
    expect(center).toEqual([1, 4.5]);
    expect(half).toBeCloseTo((1.15 * 9) / 2, 12);
  });

  it("of one point or none has a side", () => {
    expect(planeAround([2, 3])).toEqual({ center: [2, 3], half: 1 });
    expect(planeAround([])).toEqual({ center: [0, 0], half: 1 });
  });
});

describe("lines and arrows", () => {
  const ink = { color: [0, 0, 0], opacity: 1 } as const;

  it("join the points of a path, x to the right and y upwards", () => {
    const picture = blank(8);
    paintPaths(picture, [[-0.9, -0.7, 0.6, -0.7, 0.6, 0.6]], plane, ink);
    const places = painted(picture);
    expect(places).toContainEqual([3, 7]);
    expect(places).toContainEqual([6, 4]);
    expect(places).not.toContainEqual([3, 4]); // control: beside the path
  });

  it("leave out what is far outside or not finite", () => {
    const picture = blank(8);
    paintPaths(
      picture,
      [
        [Number.NaN, 0, 0, 0],
        [5, 5, 6, 6],
        [0, 0, Number.POSITIVE_INFINITY, 0],
      ],
      plane,
      ink,
    );
    expect(painted(picture)).toEqual([]);
  });

  it("point from the place of a vector along the vector, with a head at its end", () => {
    const picture = blank(64);
    paintArrows(picture, { points: [-0.5, 0], vectors: [2, 0] }, plane, { ...ink, scale: 2 });
    const places = painted(picture);
    expect(Math.min(...places.map(([x]) => x))).toBe(16);
    expect(Math.max(...places.map(([x]) => x))).toBe(48);
    const head = places.filter(([, y]) => y !== 32);
    expect(head.length).toBeGreaterThan(4);
    expect(Math.min(...head.map(([x]) => x))).toBeGreaterThan(36); // the head is at the end only
  });
});

import { DomainError, key } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { type DigitPictures, digitPictures, digitSide } from "../../../src/problems/digits/digitPictures.ts";

const pixels = digitSide * digitSide;
const drawn = digitPictures(key(1), 2000);
const fresh = digitPictures(key(2), 500);

/** The pictures as rows of numbers. */
const rowsOf = ({ values }: DigitPictures): Float64Array[] => {
  const all = Float64Array.from(values.dataSync());
  return Array.from({ length: all.length / pixels }, (_, i) => all.subarray(i * pixels, (i + 1) * pixels));
};

function squaredDistance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

/** Part of the fresh pictures whose nearest drawn picture has their class; random guesses reach 0.1. */
function nearestAccuracy(places: ArrayLike<number>): number {
  const known = rowsOf(drawn);
  const right = rowsOf(fresh).filter((picture, i) => {
    const distances = known.map((other) => squaredDistance(picture, other));
    return places[distances.indexOf(Math.min(...distances))] === fresh.labels.places[i];
  });
  return right.length / fresh.labels.places.length;
}

describe("pictures of digits", () => {
  it("are the same for the same key, and others for another key", () => {
    const again = digitPictures(key(1), 2000);
    expect(again.values.dataSync()).toEqual(drawn.values.dataSync());
    expect(digitPictures(key(1), 20).values.shape).toEqual([20, pixels]);
    expect(fresh.values.dataSync()).not.toEqual(digitPictures(key(1), 500).values.dataSync());
  });

  it("have ink from 0 to 1: a part of each picture, and none at its corners", () => {
    const all = drawn.values.dataSync();
    expect(all.every((ink) => ink >= 0 && ink <= 1)).toBe(true);
    for (const picture of rowsOf(drawn)) {
      const ink = picture.reduce((sum, each) => sum + each, 0);
      expect(ink).toBeGreaterThan(6);
      expect(ink).toBeLessThan(pixels / 2);
      expect(picture[0] + picture[digitSide - 1] + picture[pixels - 1]).toBeLessThan(1.5);
    }
  });

  it("are as many of each class, and vary within a class", () => {
    expect(drawn.labels.names).toEqual(Array.from("0123456789"));
    for (let digit = 0; digit < 10; digit++) {
      const own = rowsOf(drawn).filter((_, i) => drawn.labels.places[i] === digit);
      expect(own).toHaveLength(200);
      const distances = own.slice(1).map((other) => squaredDistance(own[0], other));
      expect(Math.min(...distances)).toBeGreaterThan(1);
      expect(new Set(distances).size).toBe(199);
    }
  });

  it("show their digits: the nearest of other pictures names them, with shuffled labels it does not", () => {
    expect(nearestAccuracy(drawn.labels.places)).toBeGreaterThan(0.95);
    const shuffled = drawn.labels.places.map((_, i) => drawn.labels.places[(7 * i + 3) % 2000]);
    expect(nearestAccuracy(shuffled)).toBeLessThan(0.3);
  });

  it.each([0, 1.5, Number.NaN])("are not drawn %s times", (n) => {
    expect(() => digitPictures(key(1), n)).toThrow(DomainError);
    expect(() => digitPictures(key(1), n)).toThrow(`digitPictures: n must be a whole number ≥ 1, got ${n}`);
  });
});

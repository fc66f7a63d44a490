import { describe, expect, it } from "vitest";
import { formatNumber } from "../../src/microscope/formatNumber.ts";
import { logPath, numberAt, placeOf, powersOf, printPower } from "../../src/microscope/logAxis.ts";

const axis = { size: 90, low: 1e-9, high: 1 };

describe("a logarithmic axis", () => {
  it("places powers of ten at equal distances, and numbers beyond its ends at the ends", () => {
    expect([1e-9, 1e-6, 1, 10, 1e-12].map((value) => Math.round(placeOf(axis, value)))).toEqual([0, 30, 90, 90, 0]);
    expect(numberAt(axis, placeOf(axis, 3e-4))).toBeCloseTo(3e-4, 12);
    expect(powersOf(axis, 5)).toEqual([-9, -7, -5, -3, -1]);
    expect(printPower(-12)).toBe("10⁻¹²");
  });

  it("draws a gap where a number is not positive", () => {
    expect(logPath(axis, axis, [1e-9, 1e-6, 1e-3, 1], [1, 1, 0, 1])).toBe("M0.0 0.0L30.0 0.0M90.0 0.0");
  });
});

describe("numbers", () => {
  it("have four digits after the point, or a power of ten", () => {
    expect([0, 0.12345, -1.5, 3.8e-9, 123.456, -2e5, Number.NaN].map(formatNumber)).toEqual([
      ...["0", "0.1235", "−1.5000", "3.8e−9", "123.5", "−2.0e5", "–"],
    ]);
  });
});

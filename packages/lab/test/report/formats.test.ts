import { describe, expect, it } from "vitest";
import { formatCount, formatDuration, formatScore } from "../../src/report/formats.ts";

describe("formats of numbers", () => {
  it("have three digits, or two and a power of ten when very small or large", () => {
    expect([0.0312, 1.0449, 12.34, 123.4, 9999.6, 0, 0.00056, -0.25, -2.8e-4, 3.2e7].map(formatScore)).toEqual([
      "0.0312",
      "1.04",
      "12.3",
      "123",
      "10000",
      "0",
      "5.6e−4",
      "−0.250",
      "−2.8e−4",
      "3.2e+7",
    ]);
  });

  it("tell what is missing from what diverged", () => {
    expect([undefined, Number.NaN, Infinity].map(formatScore)).toEqual(["–", "diverged", "diverged"]);
    expect([formatCount(undefined), formatDuration(undefined)]).toEqual(["–", "–"]);
  });

  it("group thousands and change to minutes", () => {
    expect([7, 4000, 1234567].map(formatCount)).toEqual(["7", "4\u202f000", "1\u202f234\u202f567"]);
    expect([0.04, 99.94, 99.96, 245].map(formatDuration)).toEqual(["0.0 s", "99.9 s", "1 min 40 s", "4 min 05 s"]);
  });
});

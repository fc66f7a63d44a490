import { tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { limitAtZero, observedOrder } from "../src/limitAtZero.ts";

describe("limitAtZero", () => {
  it("finds the limit of a quotient 0/0", () => {
    const limit = limitAtZero((h) => tensor([Math.expm1(h) / h, Math.sin(h) / h]));
    expect(limit.dataSync()[0]).toBeCloseTo(1, 13);
    expect(limit.dataSync()[1]).toBeCloseTo(1, 13);
  });
});

describe("observedOrder", () => {
  it("measures the order of convergence of each row", () => {
    const approximations = (h: number) =>
      tensor([
        [1 + h, 2],
        [3 + h * h, 4 - h * h],
      ]);
    const exact = tensor([
      [1, 2],
      [3, 4],
    ]);
    const [first, second] = observedOrder(approximations, exact, 0.01);
    expect(first).toBeCloseTo(1, 6);
    expect(second).toBeCloseTo(2, 6);
  });
});

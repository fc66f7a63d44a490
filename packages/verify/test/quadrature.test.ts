import { gaussian, pathKl, velocityGap } from "@pushforward/flows";
import { dot, integerPow } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { gaussLegendre, integral, normalGrid, timesOf } from "../src/quadrature.ts";

describe("gaussLegendre", () => {
  it("integrates polynomials of degree 2n − 1 exactly, and not those of degree 2n", () => {
    const rule = gaussLegendre(4);
    const moment = (k: number): number =>
      integral(
        rule,
        rule.nodes.map((t) => t ** k),
      );
    for (let k = 0; k <= 7; k++) expect(moment(k)).toBeCloseTo(1 / (k + 1), 15);
    expect(Math.abs(moment(8) - 1 / 9)).toBeGreaterThan(1e-6);
  });

  it("has nodes in order inside [0, 1]", () => {
    const { nodes } = gaussLegendre(64);
    expect([...nodes].sort((a, b) => a - b)).toEqual(nodes);
    expect(Math.min(...nodes)).toBeGreaterThan(0);
    expect(Math.max(...nodes)).toBeLessThan(1);
  });

  it("gives the worked integrals of two Gaussians on the line", () => {
    const [student, data] = [gaussian({ mean: 1, std: 0.8 }), gaussian({ mean: 2, std: 0.5 })];
    const rule = gaussLegendre(64);
    const times = timesOf(rule);
    const kl = pathKl(student, data, times).dataSync();
    const v = velocityGap(student, data, times).dataSync();
    expect(integral(rule, kl)).toBeCloseTo(0.7979389717, 10);
    expect(
      integral(
        rule,
        rule.nodes.map((t, i) => t * v[i]),
      ),
    ).toBeCloseTo(0.7979389717, 10);
    expect(integral(rule, v)).toBeCloseTo(1.7121679962, 10);
    expect(
      integral(
        rule,
        rule.nodes.map((t, i) => t * t * kl[i]),
      ),
    ).toBeCloseTo(0.5112967597, 10);
  });
});

describe("normalGrid", () => {
  it("gives the moments of a standard normal, also in the plane", () => {
    for (const dim of [1, 2]) {
      const { points, weights } = normalGrid(dim);
      const [z] = points.split(dim, 1);
      const moment = (k: number): number => dot(weights, integerPow(z, k).reshape([-1])).item();
      expect([0, 1, 2, 3, 4].map(moment)).toEqual([1, 0, 1, 0, 3].map((m) => expect.closeTo(m, 12)));
    }
  });
});

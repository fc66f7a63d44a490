import { residualIdentity } from "@pushforward/losses";
import { norm, sub, type Tensor, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { laws, type PlaneCase, residualScene, residualSearch } from "../src/index.ts";

const law = laws.find(({ name }) => name === "backwardIsJacobianTimesForward")!;
const distance = (a: Tensor, b: Tensor): number => norm(sub(a, b)).item();

describe("a search for a counterexample", () => {
  it("finds none among invertible maps, whose worst instance stays below the bound of the law", () => {
    const { cases, violated, bound, worst, smallest } = residualSearch("invertible", { cases: 40 });
    expect([cases, violated, bound, smallest]).toEqual([40, 0, law.bound, undefined]);
    expect(worst.gap).toBeLessThanOrEqual(law.bound);
  });

  it("finds one among networks, with simple numbers that still break the identity", () => {
    const { violated, bound, worst, smallest } = residualSearch("network", { cases: 40 });
    expect(bound).toBe(law.controlBound);
    expect(violated).toBeGreaterThan(36);
    expect(worst.gap).toBeGreaterThan(0.5);
    const { seed, x, s, t, gap } = smallest as PlaneCase;
    expect(gap).toBeGreaterThan(bound);
    for (const number of [...x, s, t]) expect(String(number).length).toBeLessThanOrEqual(5);
    const { phi, v } = residualScene("network", seed);
    const sides = residualIdentity(phi, v, tensor([[...x]]), tensor([[s]]), tensor([[t]]));
    expect(distance(sides.backward, sides.pushed)).toBeGreaterThan(bound);
  });

  it("has the same velocity, point and times for both kinds of maps, and another map for another seed", () => {
    const [a, b, c] = [residualScene("invertible", 5), residualScene("network", 5), residualScene("network", 6)];
    expect(b.v(a.x, a.s).dataSync()).toEqual(a.v(a.x, a.s).dataSync());
    expect(Array.from(b.x.dataSync())).toEqual(Array.from(a.x.dataSync()));
    expect(distance(b.phi(a.x, a.s, a.t), c.phi(a.x, a.s, a.t))).toBeGreaterThan(0.01);
  });

  it("knows the velocity of each map, for which both residuals of an invertible map vanish", () => {
    const { phi, own, x, s, t } = residualScene("invertible", 2);
    const { forward, backward } = residualIdentity(phi, own, x, s, t);
    expect(Math.max(norm(forward).item(), norm(backward).item())).toBeLessThan(1e-12);
    const other = residualScene("network", 2);
    expect(norm(residualIdentity(other.phi, other.own, x, s, t).backward).item()).toBeGreaterThan(0.01); // control
  });

  it("refuses numbers that are no seed and no number of instances", () => {
    expect(() => residualSearch("network", { cases: 0 })).toThrow(/^residualSearch: needs whole numbers/);
    expect(() => residualSearch("network", { seed: -1 })).toThrow(/got -1 and 200$/);
  });
});

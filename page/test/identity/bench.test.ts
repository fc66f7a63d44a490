import { jacfwd } from "@pushforward/autodiff";
import { residualIdentity } from "@pushforward/losses";
import { matmul, type Tensor, tensor } from "@pushforward/tensor";
import { residualScene } from "@pushforward/verify";
import { describe, expect, it } from "vitest";
import { planeFor } from "../../src/identity/benchScene.ts";
import { firstIdentity } from "../../src/identity/identityState.ts";
import { Bench } from "../../src/work/identity/bench.ts";

const { x, s, t } = firstIdentity;
const numbers = (values: Tensor): number[] => Array.from(values.dataSync());
const places = (flat: readonly number[]): (readonly number[])[] =>
  Array.from({ length: flat.length / 2 }, (_, i) => flat.slice(2 * i, 2 * i + 2));
const near = (got: readonly number[], want: readonly number[]): void => {
  expect(got).toHaveLength(want.length);
  for (const [i, value] of got.entries()) expect(value).toBeCloseTo(want[i], 11);
};

describe("a bench", () => {
  it("shows both sides of residualIdentity, which are equal on invertible maps alone", () => {
    const gaps = (["invertible", "network"] as const).map((map) => {
      const { phi } = residualScene(map, firstIdentity.seed);
      const { v } = residualScene("invertible", firstIdentity.field);
      const sides = residualIdentity(phi, v, tensor([[...x]]), tensor([[s]]), tensor([[t]]));
      const sight = new Bench({ ...firstIdentity, map }).look(firstIdentity);
      for (const name of ["end", "back", "forward", "pushed", "backward"] as const)
        expect(sight[name]).toEqual(numbers(sides[name]));
      return [sight.gap, sight.returnGap];
    });
    expect(Math.max(...gaps[0])).toBeLessThan(1e-12);
    expect(Math.min(...gaps[1])).toBeGreaterThan(0.1); // control
  });

  it("has the ellipse that the Jacobian makes of the circle, with the tip of the pushed residual on it", () => {
    const { phi } = residualScene("network", firstIdentity.seed);
    const { circle, ellipse, forward } = new Bench({ ...firstIdentity, map: "network" }).look(firstIdentity);
    const at = (y: Tensor): Tensor => phi(y.reshape([1, 2]), tensor([[s]]), tensor([[t]])).reshape([2]);
    const jacobian = jacfwd(at)(tensor([...x])) as Tensor;
    for (const [i, vector] of places(circle).entries()) {
      near([Math.hypot(...vector)], [Math.hypot(...forward)]);
      near(places(ellipse)[i], numbers(matmul(jacobian, tensor([...vector]))));
    }
  });

  it("draws the path to the end and the way back", () => {
    const { path, wayBack, end, back } = new Bench({ ...firstIdentity, map: "network" }).look(firstIdentity);
    near(path.slice(0, 2), x);
    near(path.slice(-2), end);
    near(wayBack.slice(0, 2), end);
    near(wayBack.slice(-2), back);
  });

  it("has no residual with the own velocity of an invertible map", () => {
    const { forward, backward } = new Bench({ ...firstIdentity, velocity: "own" }).look(firstIdentity);
    near([...forward, ...backward], [0, 0, 0, 0]);
  });

  it("trains a map in both directions: the identity holds before the first update, fails then, and residuals shrink", async () => {
    const after = async (updates: number) => {
      const bench = new Bench({ ...firstIdentity, map: "trained", velocity: "own", seed: 0, updates });
      while ((await bench.advance(100)) < bench.prepared.updates);
      return bench.look(firstIdentity);
    };
    const [none, some, many] = [await after(0), await after(60), await after(800)];
    expect(none.gap).toBeLessThan(1e-12);
    expect(none.end).toEqual([...x]);
    expect(some.gap).toBeGreaterThan(0.05);
    expect(many.gap).toBeLessThan(some.gap);
    expect(Math.hypot(...many.backward)).toBeLessThan(0.5 * Math.hypot(...none.backward));
  });
});

describe("the picture", () => {
  it("holds all points, and grows and moves in steps", () => {
    expect(planeFor([0.1, 0.2, -0.3, 0])).toEqual({ center: [0, 0], half: 1.5 });
    const far = planeFor([3, -6, 4, -7]);
    expect(far).toEqual({ center: [3.375, -6.375], half: 1.5 });
    expect(planeFor([3, -6.01, 4.01, -7])).toEqual(far);
    for (const points of [
      [3, -6, -1, 2],
      [500, 0, -20, 3],
    ]) {
      const { center, half } = planeFor(points);
      for (const [i, value] of points.entries()) expect(Math.abs(value - center[i % 2])).toBeLessThan(half);
    }
  });

  it("of the first scene shows circle and ellipse apart, and the arrows of the plain network apart", () => {
    const { circle, ellipse, end, backward } = new Bench(firstIdentity).look(firstIdentity);
    const reach = (curve: readonly number[]): number => Math.max(...places(curve).map((each) => Math.hypot(...each)));
    expect(reach(circle) + reach(ellipse)).toBeLessThan(0.8 * Math.hypot(end[0] - x[0], end[1] - x[1]));
    expect(Math.hypot(...backward)).toBeGreaterThan(0.5);
    expect(new Bench({ ...firstIdentity, map: "network" }).look(firstIdentity).gap).toBeGreaterThan(0.5);
  });
});

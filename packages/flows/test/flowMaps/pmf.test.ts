import { jvp } from "@pushforward/autodiff";
import { add, concat, mul, onesLike, sub, type Tensor, tanh, tensor, zerosLike } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { gaussian } from "../../src/distributions/gaussian.ts";
import { ctmVelocity } from "../../src/flowMaps/ctm.ts";
import { firstOrderFlowMap } from "../../src/flowMaps/firstOrder.ts";
import { pmfPrediction, pmfVelocity } from "../../src/flowMaps/pmf.ts";
import { expectValues, valuesOf } from "../expectValues.ts";

const law = gaussian({ mean: [1, -1], std: [0.5, 1.3] });
const xs = tensor([
  [0.54, -1.04],
  [-0.3, 0.8],
  [1.1, 0.2],
  [0.4, -0.6],
]);
/** Starts on both sides of the clip at 0.95, and the data itself. */
const s = tensor([[0.2], [0.9], [0.97], [1]]);
const one = tensor(1);
const network = (x: Tensor, a: Tensor, b: Tensor): Tensor => tanh(x.mul(0.7).add(a).sub(b.mul(0.3)));
const early = (x: Tensor): Tensor => x.slice([0, 2]);

describe("pMF's form", () => {
  it("is CTM's form before the clip, and divides by the clip after it", () => {
    const u = pmfVelocity(network)(xs, s, one);
    expectValues(early(u), valuesOf(ctmVelocity(network)(early(xs), early(s), one)), 0);
    const late = sub(network(xs, s, one), xs)
      .div(0.05)
      .slice([2, 4]);
    expectValues(u.slice([2, 4]), valuesOf(late), 1e-12);
    const wide = pmfVelocity(network, { clip: 0.5 })(xs, s, one);
    expectValues(
      wide.slice([1, 2]),
      valuesOf(
        sub(network(xs, s, one), xs)
          .div(0.5)
          .slice([1, 2]),
      ),
      1e-14,
    );
    // Control: without the clip the data has no velocity.
    expect(Number.isFinite(ctmVelocity(network)(xs, s, one).slice(3, 0).item())).toBe(false);
  });

  it("represents the exact map at all times, the data included", () => {
    const exact = law.averageVelocity;
    for (const t of [one, s, add(s, mul(0.3, sub(1, s)))]) {
      expectValues(pmfVelocity(pmfPrediction(exact))(xs, s, t), valuesOf(exact(xs, s, t)), 1e-12);
    }
    // The prediction is Φ(x, s, 1) towards t = 1, and the denoiser on the diagonal.
    const predicted = pmfPrediction(exact);
    expectValues(early(predicted(xs, s, one)), valuesOf(early(law.flowMap(xs, s, one))), 1e-12);
    expectValues(early(predicted(xs, s, s)), valuesOf(early(law.denoiser(xs, s))), 1e-12);
    const map = firstOrderFlowMap(pmfVelocity(predicted));
    expectValues(map(xs, s, one), valuesOf(law.flowMap(xs, s, one)), 1e-12);
  });

  it("has the jvp of central differences on both sides of the clip, along the path of MeanFlow", () => {
    const u = pmfVelocity(network);
    const inside = [0, 1, 2, 3].map((row) => [xs.slice([row, row + 1]), s.slice([row, row + 1])] as const);
    const h = 1e-5;
    for (const [x, start] of inside) {
      const v = law.velocity(x, start.mul(0.9));
      const [, slope] = jvp(u, [x, start, one], [v, onesLike(start), zerosLike(one)]);
      const at = (step: number): Tensor => u(add(x, mul(step, v)), add(start, step), one);
      const difference = sub(at(h), at(-h)).div(2 * h);
      expectValues(slope, valuesOf(difference), 1e-6);
      // Control: the derivative of the divisor is part of it before the clip, and none after it.
      const [, held] = jvp((y: Tensor, a: Tensor) => network(y, a, one).sub(y), [x, start], [v, onesLike(start)]);
      const divisor = Math.max(1 - start.item(), 0.05);
      const gap = Math.max(...slope.sub(held.div(divisor)).abs().dataSync());
      if (start.item() < 0.95) expect(gap).toBeGreaterThan(0.01);
      else expect(gap).toBeLessThan(1e-10);
    }
  });

  it("is bounded by the prediction and the clip", () => {
    const bound = concat(
      [
        sub(network(xs, s, one), xs)
          .abs()
          .div(0.05),
      ],
      0,
    );
    const excess = pmfVelocity(network)(xs, s, one).abs().sub(bound);
    expect(Math.max(...excess.dataSync())).toBeLessThanOrEqual(1e-12);
  });

  it("refuses a clip that is not positive", () => {
    for (const clip of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => pmfVelocity(network, { clip })).toThrow(
        `pmfVelocity: clip must be positive and finite, got ${clip}`,
      );
      expect(() => pmfPrediction(network, { clip })).toThrow("pmfPrediction: clip must be positive and finite");
    }
  });
});

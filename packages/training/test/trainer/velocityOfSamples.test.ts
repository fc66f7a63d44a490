import { gaussian, pointMass } from "@pushforward/flows";
import { fromData, key, maximum, normal, sub, type Tensor, uniform } from "@pushforward/tensor";
import { expectClose } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { velocityOfSamples } from "../../src/trainer/velocityOfSamples.ts";

const x = normal(key(1), [50, 2]);
const t = uniform(key(2), [50, 1], { min: 0.05, max: 0.8 });

/** Mean squared distance of two fields. */
const distance = (a: Tensor, b: Tensor): number => {
  const gap = sub(a, b).dataSync();
  return [...gap].reduce((sum, each) => sum + each * each, 0) / gap.length;
};

describe("the velocity of a few samples", () => {
  it("leads to the only sample there is", () => {
    const point = fromData(Float64Array.of(0.7, -1.2), [1, 2]);
    expectClose(velocityOfSamples(point, x, t), pointMass([0.7, -1.2]).velocity(x, t), { condition: 100 });
  });

  it("comes close to that of the law they are drawn from, the closer the more there are", () => {
    const law = gaussian({ mean: [1, -0.5], std: [0.8, 0.5] });
    const xt = t.mul(law.sample(key(3), 50)).add(t.mul(-1).add(1).mul(x));
    const at = (n: number): number => distance(velocityOfSamples(law.sample(key(4), n), xt, t), law.velocity(xt, t));
    const [few, many] = [at(200), at(20_000)];
    expect(many).toBeLessThan(5e-3);
    expect(many).toBeLessThan(0.1 * few);
    const other = gaussian({ mean: [1, -0.5], std: [0.8, 0.8] });
    expect(distance(velocityOfSamples(law.sample(key(4), 20_000), xt, t), other.velocity(xt, t))).toBeGreaterThan(0.05);
  });

  it("stays finite where all samples are far away", () => {
    const far = velocityOfSamples(normal(key(5), [10, 2]).add(1e3), x, maximum(t, 0.79));
    expect([...far.dataSync()].every(Number.isFinite)).toBe(true);
  });
});

import { grad } from "@pushforward/autodiff";
import { key, matmul, mean, normal, sqrt, squaredNorm, sum, type Tensor, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { driftField, losses } from "../src/index.ts";

const group = 16;
const noise = normal(key(1), [2 * group, 2]);
const data = normal(key(2), [2 * group, 2])
  .mul(0.5)
  .add(tensor([2, -1]));

/** Values of a generator that makes the given points. */
const valuesOf = (points: Tensor, wanted: Tensor = data, size = group): Tensor =>
  losses.drifting.loss({
    ...{ xs: noise, noise, data: wanted, v: noise, s: 0, t: 1, group: size },
    generator: () => points,
  });

/** Gradient of the sum of the values at the given points. */
const gradientOf = (points: Tensor): Tensor => grad((x: Tensor) => sum(valuesOf(x)))(points) as Tensor;

const apart = (a: Tensor, b: Tensor): number => Math.max(...a.sub(b).abs().dataSync());

describe("drifting", () => {
  it("is the same for points that are moved, turned or scaled together", () => {
    const turn = tensor([
      [0.6, -0.8],
      [0.8, 0.6],
    ]);
    const plain = valuesOf(noise);
    const after = (change: (x: Tensor) => Tensor): number => apart(valuesOf(change(noise), change(data)), plain);
    expect(after((x) => x.add(3))).toBeLessThan(1e-11);
    expect(after((x) => matmul(x, turn))).toBeLessThan(1e-11);
    // The distance of a sample from itself counts as 10⁻⁴ in the mean distance, at any scale.
    expect(after((x) => x.mul(7))).toBeLessThan(1e-4);
    expect(apart(valuesOf(noise, data.mul(7)), plain)).toBeGreaterThan(1e-2);
  });

  it("looks at the group of a sample alone, and at all of it", () => {
    const plain = valuesOf(noise);
    const unit = tensor(Array.from({ length: 2 * group }, (_, row) => [row === 3 ? 1 : 0]));
    const changed = [...valuesOf(noise.add(unit)).sub(plain).abs().dataSync()].map((change) => change > 0);
    expect(changed).toEqual(Array.from({ length: 2 * group }, (_, row) => row < group));
  });

  it("pulls samples that lie beside the data towards them: the mean of both comes closer with each step of its field", () => {
    let points = noise;
    const distance = (): number => sqrt(squaredNorm(mean(points, 0).sub(mean(data, 0)))).item();
    const before = distance();
    for (let step = 0; step < 40; step++) points = points.sub(gradientOf(points).mul(0.05));
    expect(distance()).toBeLessThan(0.2 * before);
  });

  it("is refused by driftField where shapes do not fit", () => {
    const [x, repelling, attracting] = [2, 3, 4].map((count) => normal(key(count), [1, count, 2]));
    const logits = normal(key(5), [1, 2, 7]);
    const both = { normalize: "both" } as const;
    expect(driftField({ x, repelling, attracting }, logits, both).shape).toEqual([1, 2, 2]);
    expect(() => driftField({ x, repelling, attracting }, normal(key(5), [1, 2, 6]), both)).toThrow(
      "driftField: the logits must be [1, 2, 7], one for each point and each repelling or attracting one, got [1, 2, 6]",
    );
    expect(() => driftField({ x, repelling: repelling.squeeze(0), attracting }, logits, both)).toThrow(
      "driftField: repelling must be [1, points, 2], got [3, 2]",
    );
    expect(() => driftField({ x, repelling, attracting }, logits, { normalize: "rows" as never })).toThrow(
      'driftField: normalize must be one of targets, both, got "rows"',
    );
  });
});

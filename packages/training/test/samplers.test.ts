import { add, fromData, key, mul, normal, sub, type Tensor, type TensorLike } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import {
  eulerSampler,
  flowMapSampler,
  generatorSampler,
  inChunks,
  refiningSampler,
  type Sampler,
} from "../src/samplers.ts";

/** Average velocity of the linear flow dx/dt = x: Φ(x, s, t) = e^{t − s}·x. */
const linear = (x: Tensor, s: TensorLike, t: TensorLike): Tensor => {
  const [from, to] = [s, t].map((time) => Number((time as Tensor).item()));
  return mul(x, Math.expm1(to - from) / (to - from));
};

const noise = normal(key(1), [7, 2]);

describe("flowMapSampler", () => {
  it("ends at the same place in any number of steps along an exact map", () => {
    for (const steps of [1, 2, 5]) {
      const gap = sub(flowMapSampler(linear)(noise, steps), mul(noise, Math.E)).dataSync();
      for (const value of gap) expect(Math.abs(value)).toBeLessThan(1e-12);
    }
  });
});

describe("the points of a sampler", () => {
  it("begin with its start and end with its result, at their times", () => {
    const still = (x: Tensor): Tensor => mul(x, 0);
    const samplers: readonly [Sampler, readonly number[]][] = [
      [flowMapSampler(linear), [0, 0.5, 1]],
      [refiningSampler(linear), [0, 0.5, 1]],
      [generatorSampler(still, [0.2, 0.6]), [0.2, 0.6, 1]],
      [eulerSampler((x) => x), [0, 0.5, 1]],
    ];
    for (const [sampler, times] of samplers) {
      const points: [Tensor, number][] = [];
      const result = sampler(noise, 2, (x, time) => points.push([x, time]));
      expect(points.map(([, time]) => time)).toEqual(times);
      expect(points[points.length - 1][0].dataSync()).toEqual(result.dataSync());
      expect(result.dataSync()).toEqual(sampler(noise, 2).dataSync()); // the hook changes nothing
    }
  });

  it("of an exact map lie on its flow", () => {
    flowMapSampler(linear)(noise, 4, (x, time) => {
      const gap = sub(x, mul(noise, Math.exp(time))).dataSync();
      for (const value of gap) expect(Math.abs(value)).toBeLessThan(1e-12);
    });
  });
});

describe("refiningSampler", () => {
  it("keeps what a map to one point gives, whatever the steps", () => {
    const target = fromData(Float64Array.of(3, -1), [2]);
    const toTarget = (x: Tensor, s: TensorLike): Tensor => sub(target, x).div(sub(1, s));
    for (const steps of [1, 4]) {
      const gap = sub(refiningSampler(toTarget)(noise, steps), target).dataSync();
      for (const value of gap) expect(Math.abs(value)).toBeLessThan(1e-12);
    }
  });

  it("asks the network at points between the sample and the same noise", () => {
    const seen: Tensor[] = [];
    const still = (x: Tensor): Tensor => {
      seen.push(x);
      return mul(x, 0);
    };
    refiningSampler(still)(noise, 2);
    expect(seen[1].dataSync()).toEqual(add(mul(noise, 0.5), mul(noise, 0.5)).dataSync());
  });
});

describe("generatorSampler", () => {
  const target = fromData(Float64Array.of(3, -1), [2]);
  const seen: { x: Tensor; s: number }[] = [];
  const toTarget = (x: Tensor, s: TensorLike): Tensor => {
    seen.push({ x, s: (s as Tensor).item() as number });
    return sub(target, x).div(sub(1, s));
  };
  const startsSeen = (starts: readonly number[], steps: number): number[] => {
    seen.length = 0;
    const gap = sub(generatorSampler(toTarget, starts)(noise, steps), target).dataSync();
    for (const value of gap) expect(Math.abs(value)).toBeLessThan(1e-12);
    return seen.map(({ s }) => s);
  };

  it("takes as many steps as there are starts, at most", () => {
    expect(startsSeen([0.25], 4)).toEqual([0.25]);
    expect(startsSeen([0, 0.25, 0.5, 0.75], 1)).toEqual([0]);
    expect(startsSeen([0, 0.25, 0.5, 0.75], 2)).toEqual([0, 0.5]);
    expect(startsSeen([0, 0.25, 0.5, 0.75], 9)).toEqual([0, 0.25, 0.5, 0.75]);
    expect(startsSeen([], 3)).toEqual([0, 1 / 3, 2 / 3]);
  });

  it("starts from noise of the size it has there, and adds new noise later", () => {
    startsSeen([0.25, 0.5], 2);
    expect(seen[0].x.dataSync()).toEqual(mul(noise, 0.75).dataSync());
    const fresh = seen[1].x.mul(2).sub(target);
    expect(Math.max(...fresh.sub(noise).abs().dataSync())).toBeGreaterThan(0.5);
    expect(Math.max(...fresh.abs().dataSync())).toBeLessThan(5);
  });
});

describe("inChunks", () => {
  it("gives what one pass gives, never more than 8192 rows at a time", () => {
    const many = normal(key(2), [20_000, 1]);
    const rows: number[] = [];
    const sampler = (x: Tensor): Tensor => {
      rows.push(x.shape[0]);
      return mul(x, 2);
    };
    expect(inChunks(sampler)(many, 1).dataSync()).toEqual(mul(many, 2).dataSync());
    expect(rows).toEqual([8192, 8192, 3616]);
  });
});

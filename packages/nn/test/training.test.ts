import { checkGrads, jvp, valueAndGrad } from "@pushforward/autodiff";
import { compile, key, keys, normal, onesLike, squaredNorm, type Tensor, tensor } from "@pushforward/tensor";
import { expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import {
  adamW,
  averageVelocityNetwork,
  clipByGlobalNorm,
  ema,
  type MlpParams,
  type OptimizerState,
  velocityNetwork,
  warmupCosine,
} from "../src/index.ts";

describe("derivatives of networks", () => {
  const options = { dim: 2, width: 8, depth: 2, lastInit: "glorotNormal" } as const;
  const x = normal(key(1), [3, 2]);

  it("in x and both times agree with finite differences, in either order of the times and at s = t", () => {
    const u = averageVelocityNetwork(options);
    const params = u.init(key(0));
    const times = [
      [0.2, 0.7],
      [0.9, 0.1],
      [0.5, 0.5],
    ];
    for (const [s, t] of times) {
      const at = (point: Tensor, start: Tensor, end: Tensor): Tensor => u.apply(params, point, start, end);
      const report = checkGrads(at, [x, tensor(s), tensor(t)], { step: 0.02 });
      expect(report.passed, JSON.stringify(report.entries)).toBe(true);
    }
  });

  it("of a derivative in t agree with finite differences, in all parameters, as a forward loss needs", () => {
    const v = velocityNetwork({ ...options, activation: "gelu" });
    const slope = (params: MlpParams): Tensor => {
      const [, dv] = jvp((t: Tensor) => v.apply(params, x, t), [tensor(0.3)], [onesLike(tensor(0.3))]);
      return squaredNorm(dv).mean();
    };
    const report = checkGrads(slope, [v.init(key(2))], { step: 0.02 });
    expect(report.passed, JSON.stringify(report.entries)).toBe(true);
  });
});

describe("a training step", () => {
  const network = velocityNetwork({ dim: 2, width: 16, depth: 2 });
  const optimizer = adamW({ learningRate: warmupCosine({ peak: 1e-2, warmup: 10, steps: 150 }), weightDecay: 1e-4 });
  const average = ema({ decay: 0.9, warmup: true });

  /** Fits v(x, t) = x·t on fresh points; one function computes the gradient, clips it, updates and averages. */
  function step(
    params: MlpParams,
    state: OptimizerState<MlpParams>,
    mean: ReturnType<typeof average.init<MlpParams>>,
    k: Tensor,
  ) {
    const dtype = "float32";
    const [forX, forT] = keys(k);
    const x = normal(forX, [32, 2], { dtype });
    const t = normal(forT, [32, 1], { dtype }).sigmoid();
    const loss = (p: MlpParams): Tensor => squaredNorm(network.apply(p, x, t).sub(x.mul(t))).mean();
    const [value, grads] = valueAndGrad(loss)(params);
    const [next, nextState] = optimizer.update(clipByGlobalNorm(grads, 1)[0], state, params);
    return { value, params: next, state: nextState, mean: average.update(mean, next) };
  }

  const start = () => {
    const params = network.init(key(0), { dtype: "float32" });
    return { value: tensor(0), params, state: optimizer.init(params), mean: average.init(params) };
  };

  it("compiles as a whole to the bits of eager mode", () => {
    const compiled = compile(step);
    let [a, b] = [start(), start()] as ReturnType<typeof step>[];
    for (let i = 0; i < 3; i++) {
      a = step(a.params, a.state, a.mean, key(i));
      b = compiled(b.params, b.state, b.mean, key(i));
      expectSameBits(b, a);
    }
    expect(b.value.dtype).toBe("float32");
  });

  it("learns", () => {
    const compiled = compile(step);
    const values: number[] = [];
    let now = start() as ReturnType<typeof step>;
    for (let i = 0; i < 150; i++) {
      now = compiled(now.params, now.state, now.mean, key(i));
      values.push(now.value.item());
    }
    expect(values[0]).toBeGreaterThan(0.3);
    expect(Math.max(...values.slice(-10))).toBeLessThan(0.03);
  });
});

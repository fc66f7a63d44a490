import { jvp, vjp, vmap } from "@pushforward/autodiff";
import { compile, concat, key, mul, ones, onesLike, sub, type Tensor, tensor, trace } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { gaussian } from "../src/distributions/gaussian.ts";
import { integrate, trajectory } from "../src/integrate.ts";
import { solvers } from "../src/solvers/index.ts";
import { linearVelocity, pointMassVelocity } from "../src/velocity.ts";
import { expectValues, valuesOf } from "./expectValues.ts";

const law = gaussian({
  mean: [1, -1],
  cov: [
    [1, 0.6],
    [0.6, 0.5],
  ],
});
const x = tensor([
  [0.54, -1.04],
  [-1.2, 2.1],
  [0, 0.3],
]);
const names = ["euler", "midpoint", "heun", "rk4", "dopri5"] as const;

describe("integrate with fixed steps", () => {
  it("gives Euler's known values on the way from 0.5", () => {
    const line = gaussian({ mean: 2, std: 0.5 });
    const end = [1, 2, 4].map((steps) =>
      integrate(line.velocity, tensor([[0.5]]), 0, 1, { solver: "euler", steps }).item(),
    );
    expect(end.map((value) => value.toFixed(10))).toEqual(["2.0000000000", "2.1000000000", "2.1702702703"]);
  });

  it.each(names)("%s comes back when the time runs back", (solver) => {
    const there = integrate(law.velocity, x, 0.1, 0.9, { solver, steps: 200 });
    const back = integrate(law.velocity, there, 0.9, 0.1, { solver, steps: 200 });
    expectValues(back, valuesOf(x), solver === "euler" ? 0.05 : 1e-3);
  });

  it("takes one pair of times per sample", () => {
    const [s, t] = [
      [0.1, 0.5, 0.9],
      [0.8, 0.5, 0.2],
    ];
    const column = (values: number[]) => tensor(values.map((value) => [value]));
    const together = integrate(law.velocity, x, column(s), column(t), { solver: "rk4", steps: 30 });
    const apart = s.flatMap((start, i) =>
      valuesOf(integrate(law.velocity, x.slice([i, i + 1]), start, t[i], { solver: "rk4", steps: 30 })),
    );
    expectValues(together, apart, 1e-14);
  });

  it.each(names)("jvp through %s is the derivative of its steps, in x, s and t", (solver) => {
    const f = (y: Tensor, s: Tensor, t: Tensor) => integrate(law.velocity, y, s, t, { solver, steps: 5 });
    const dx = tensor([
      [0.3, -0.4],
      [1, 0.5],
      [-0.2, 0.1],
    ]);
    const [s, t, h] = [0.2, 0.7, 1e-5];
    const [, tangent] = jvp(f, [x, tensor(s), tensor(t)], [dx, tensor(0.5), tensor(-0.3)]);
    const at = (side: number) => f(x.add(dx.mul(side * h)), tensor(s + 0.5 * side * h), tensor(t - 0.3 * side * h));
    expectValues(tangent, valuesOf(sub(at(1), at(-1)).div(2 * h)), 1e-9);
    // duality: ⟨ct, J·dx⟩ = ⟨Jᵀ·ct, dx⟩
    const ct = tensor([
      [1, 2],
      [-1, 0.5],
      [0.3, 0.7],
    ]);
    const [, pullback] = vjp((y: Tensor) => f(y, tensor(s), tensor(t)), [x]);
    const [, along] = jvp((y: Tensor) => f(y, tensor(s), tensor(t)), [x], [dx]);
    expect(mul(pullback(ct)[0], dx).sum().item()).toBeCloseTo(mul(ct, along).sum().item(), 12);
  });

  it("unrolls under trace and compile", () => {
    const f = (y: Tensor) => integrate(law.velocity, y, 0, 1, { solver: "heun", steps: 4 });
    expectValues(compile(f)(x), valuesOf(f(x)), 1e-14);
    const program = trace(f)(x);
    const longer = trace((y: Tensor) => integrate(law.velocity, y, 0, 1, { solver: "heun", steps: 8 }))(x);
    expect(longer.equations.length).toBeGreaterThan(1.9 * program.equations.length - 10);
  });

  it("batches: vmap over samples is the batch", () => {
    const one = (y: Tensor) => integrate(law.velocity, y, 0, 1, { solver: "rk4", steps: 4 });
    expectValues(vmap(one)(x), valuesOf(one(x)), 1e-14);
  });

  it("differentiates in parameters of the velocity", () => {
    const f = (a: Tensor) => integrate((y: Tensor) => y.mul(a), tensor([[2]]), 0, 1, { solver: "rk4", steps: 50 });
    const [, slope] = jvp(f, [tensor(0.5)], [tensor(1)]);
    expectValues(slope, [2 * Math.exp(0.5)], 1e-7);
  });

  it("keeps float32", () => {
    const y = integrate(law.velocity, x.cast("float32"), 0, 1, { solver: "rk4", steps: 16 });
    expect(y.dtype).toBe("float32");
    expectValues(y, valuesOf(law.flowMap(x, 0, 1)), 1e-3);
  });
});

describe("integrate with adaptive steps", () => {
  it("meets its tolerance, and a smaller one costs more", () => {
    const counts = [1e-4, 1e-7, 1e-10].map((tolerance) => {
      let count = 0;
      const counted = (y: Tensor, t: Tensor) => {
        count++;
        return law.velocity(y, t);
      };
      const end = integrate(counted, x, 0, 1, { tolerance });
      expectValues(end, valuesOf(law.flowMap(x, 0, 1)), 20 * tolerance);
      return count;
    });
    expect(counts[0] < counts[1] && counts[1] < counts[2]).toBe(true);
  });

  it("chooses steps for every sample by itself: a neighbour changes nothing", () => {
    const stiff = (y: Tensor) => y.mul(-30).mul(y.square());
    const calm = tensor([[0.01, 0.02]]);
    const alone = valuesOf(integrate(stiff, calm, 0, 1));
    const beside = integrate(stiff, concat([calm, tensor([[3, -4]])], 0), 0, 1);
    expect(valuesOf(beside).slice(0, 2)).toEqual(alone);
  });

  it("takes times per sample, also none to go", () => {
    const [s, t] = [tensor([[0.1], [0.5], [0.9]]), tensor([[0.8], [0.5], [0.2]])];
    const end = integrate(law.velocity, x, s, t, { tolerance: 1e-9 });
    expectValues(end, valuesOf(law.flowMap(x, s, t)), 1e-7);
    expect(valuesOf(end).slice(2, 4)).toEqual(valuesOf(x).slice(2, 4));
  });

  it("differentiates with the choice of steps as a constant", () => {
    const solve = (y: Tensor, s: Tensor, t: Tensor) => integrate(law.velocity, y, s, t, { tolerance: 1e-9 });
    const [dx, ds, dt] = [x.mul(0).add(1), tensor(1), tensor(1)];
    const [, got] = jvp(solve, [x, tensor(0.2), tensor(0.7)], [dx, ds, dt]);
    const [, expected] = jvp(law.flowMap, [x, tensor(0.2), tensor(0.7)], [dx, ds, dt]);
    expectValues(got, valuesOf(expected as Tensor), 1e-6);
    const ct = ones([3, 2]);
    const [, pull] = vjp((y: Tensor) => solve(y, tensor(0.2), tensor(0.7)), [x]);
    const [, exactPull] = vjp((y: Tensor) => law.flowMap(y, 0.2, 0.7), [x]);
    expectValues(pull(ct)[0], valuesOf(exactPull(ct)[0]), 1e-6);
  });

  it("runs backwards", () => {
    expectValues(integrate(law.velocity, x, 1, 0, { tolerance: 1e-9 }), valuesOf(law.flowMap(x, 1, 0)), 1e-7);
  });

  it("says where the step size vanished", () => {
    const blowUp = (y: Tensor, t: Tensor) => sub(0.973, t).reciprocal().mul(onesLike(y));
    expect(() => integrate(blowUp, tensor([[1]]), 0, 1)).toThrow(
      "integrate: step size fell below 1e-8 at t = 0.973 (tolerance 1e-6); loosen it or stop before t = 1",
    );
    expect(() => integrate(pointMassVelocity([0]), tensor([[1]]), 0, 1, { maxSteps: 5 })).toThrow(
      /took more than 5 steps at t = .*tolerance 1e-6/,
    );
    // one step before its pole the same field is harmless
    expectValues(integrate(pointMassVelocity([0]), tensor([[1]]), 0, 0.99), [0.01], 1e-6);
  });

  it("cannot be traced or batched, and says so", () => {
    const message = /dopri5 chooses its steps from values, which cannot be read while tracing or batching; pass steps/;
    expect(() => compile((y: Tensor) => integrate(law.velocity, y, 0, 1))(x)).toThrow(message);
    expect(() => vmap((y: Tensor) => integrate(law.velocity, y, 0, 1))(x)).toThrow(message);
  });
});

describe("integrate with noise", () => {
  const options = { solver: "eulerMaruyama", steps: 10, key: key(1), score: law.score } as const;

  it("is the same for the same key", () => {
    const run = (seed: number) => valuesOf(integrate(law.velocity, x, 0, 1, { ...options, key: key(seed) }));
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });

  it("without noise is the ODE's method", () => {
    const plain = valuesOf(integrate(law.velocity, x, 0, 1, { solver: "heun", steps: 10 }));
    expectValues(integrate(law.velocity, x, 0, 1, { ...options, solver: "heunSde", diffusion: 0 }), plain, 1e-14);
  });

  it("compiles with the key as an input, and differentiates", () => {
    const f = (y: Tensor, k: Tensor) => integrate(law.velocity, y, 0, 1, { ...options, key: k });
    expectValues(compile(f)(x, key(1)), valuesOf(f(x, key(1))), 1e-13);
    const [, dy] = jvp((y: Tensor) => f(y, key(1)), [x], [onesLike(x)]);
    const h = 1e-5;
    const quotient = sub(f(x.add(h), key(1)), f(x.sub(h), key(1))).div(2 * h);
    expectValues(dy, valuesOf(quotient), 1e-8);
  });

  it("needs a key or increments of the right number", () => {
    expect(() => integrate(law.velocity, x, 0, 1, { solver: "heunSde", steps: 2 })).toThrow(/needs either a key or/);
    expect(() => integrate(law.velocity, x, 0, 1, { ...options, key: undefined, increments: ones([3, 3, 2]) })).toThrow(
      "increments must be [10, 3, 2] = [steps, batch, dim] with 10 steps, got [3, 3, 2]",
    );
  });
});

describe("trajectory", () => {
  it("keeps the start and every state, with the times", () => {
    const { times, states } = trajectory(law.velocity, x, 0.2, 0.7, { solver: "rk4", steps: 5 });
    expect([times.shape, states.shape]).toEqual([[6], [6, 3, 2]]);
    expectValues(times, [0.2, 0.3, 0.4, 0.5, 0.6, 0.7], 1e-15);
    expect(valuesOf(states.slice(0))).toEqual(valuesOf(x));
    expectValues(states.slice(3), valuesOf(law.flowMap(x, 0.2, 0.5)), 1e-4);
  });

  it("of adaptive steps has a time for every sample", () => {
    const { times, states } = trajectory(law.velocity, x, 0, 1);
    expect(times.shape).toEqual([states.shape[0], 3, 1]);
    expectValues(times.slice(-1), [1, 1, 1], 0);
    const middle = Math.floor(times.shape[0] / 2);
    expectValues(states.slice(middle), valuesOf(law.flowMap(x, 0, times.slice(middle))), 1e-5);
  });
});

describe("settings of integrate", () => {
  it("are checked", () => {
    expect(() => integrate(law.velocity, x, 0, 1, { solver: "rk5" as "rk4" })).toThrow(
      `integrate: solver must be one of ${Object.keys(solvers).join(", ")}, got "rk5"`,
    );
    expect(() => integrate(law.velocity, x, 0, 1, { solver: "rk4", steps: 0 })).toThrow(/steps must be a whole number/);
    expect(() => integrate(law.velocity, x, 0, 1, { tolerance: 0 })).toThrow(/tolerance must be positive, got 0/);
    expect(() => integrate((y) => y.slice(0), x, 0, 1, { solver: "rk4" })).toThrow(
      "integrate: the velocity must return [3, 2] like x, got [2]",
    );
  });

  it("a solver of one's own works like those of the registry", () => {
    const own = { ...solvers.euler, name: "own" };
    const A = linearVelocity([
      [0, 1],
      [-1, 0],
    ]);
    expectValues(
      integrate(A, x, 0, 1, { solver: own, steps: 3 }),
      valuesOf(integrate(A, x, 0, 1, { solver: "euler", steps: 3 })),
      0,
    );
  });
});

import { key, mean, norm, normal, sub, type Tensor, tensor } from "@pushforward/tensor";
import { expm, type Matrix, matrix, multiply } from "mathjs";
import { describe, expect, it } from "vitest";
import { gaussian } from "../../src/distributions/gaussian.ts";
import { integrate } from "../../src/integrate.ts";
import { solvers } from "../../src/solvers/index.ts";
import type { OdeSolver, SdeSolver } from "../../src/solvers/solver.ts";
import { linearVelocity } from "../../src/velocity.ts";
import { expectValues } from "../expectValues.ts";

const A = [
  [-0.5, 2],
  [-1.5, 0.3],
];
const start = [1, -0.7];
/** e^{factor·A}·start by mathjs. */
const exact = (factor: number): number[] =>
  (multiply(expm(matrix(A.map((row) => row.map((a) => a * factor)))), start) as Matrix).toArray() as number[];

/** Slope of log(error) over log(step), by least squares. */
function slope(steps: readonly number[], errors: readonly number[]): number {
  const [xs, ys] = [steps.map((n) => -Math.log(n)), errors.map(Math.log)];
  const average = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const [x, y] = [average(xs), average(ys)];
  return (
    xs.reduce((total, each, i) => total + (each - x) * (ys[i] - y), 0) /
    xs.reduce((total, each) => total + (each - x) ** 2, 0)
  );
}

const odes = Object.values(solvers).filter((solver): solver is OdeSolver => solver.kind === "ode");
const sdes = Object.values(solvers).filter((solver): solver is SdeSolver => solver.kind === "sde");

/** Step counts at which a method is in its asymptotic range but above rounding. */
const countsFor = ({ order }: OdeSolver): number[] => (order >= 4 ? [16, 32, 64] : [128, 256, 512]);

describe.each(odes)("$name", (solver) => {
  const measure = (velocity: (x: Tensor, t: Tensor) => Tensor, s: number, t: number, end: number[]): number => {
    const counts = countsFor(solver);
    const errors = counts.map((steps) =>
      norm(sub(integrate(velocity, tensor([start]), s, t, { solver, steps }), tensor([end]))).item(),
    );
    return slope(counts, errors);
  };

  it("has its declared order against a matrix exponential", () => {
    expect(Math.abs(measure(linearVelocity(A), 0, 1, exact(1)) - solver.order)).toBeLessThan(0.1);
  });

  it("has it too when the velocity depends on time, and backwards", () => {
    // dx/dt = (1 + 2t)·A·x has the solution e^{(t + t²)A}·x
    const velocity = (x: Tensor, t: Tensor) => linearVelocity(A)(x, t).mul(t.mul(2).add(1));
    expect(Math.abs(measure(velocity, 0, 0.8, exact(0.8 + 0.64)) - solver.order)).toBeLessThan(0.1);
    expect(Math.abs(measure(velocity, 0.8, 0, exact(-0.8 - 0.64)) - solver.order)).toBeLessThan(0.1);
  });

  it("is exact for a constant velocity, and evaluates as often as it declares", () => {
    let count = 0;
    const constant = (x: Tensor) => {
      count++;
      return x.mul(0).add(2);
    };
    expectValues(integrate(constant, tensor([start]), 0.25, 1, { solver, steps: 3 }), [2.5, 0.8], 1e-14);
    expect(count).toBe(3 * solver.cost);
  });

  it("a velocity that is slightly wrong would be caught", () => {
    const wrong = (x: Tensor, t: Tensor) => linearVelocity(A)(x, t).mul(1.01);
    expect(Math.abs(measure(wrong, 0, 1, exact(1)) - solver.order)).toBeGreaterThan(0.1);
  });
});

describe.each(sdes)("$name", (solver) => {
  const law = gaussian({ mean: [1, -1], std: [0.8, 0.5] });
  const fine = 2048;
  const [batch, s, t] = [200, 0, 1];
  const dW = normal(key(11), [fine, batch, 2]).mul(Math.sqrt((t - s) / fine));
  const x = normal(key(12), [batch, 2]);
  const solve = (method: SdeSolver, steps: number): Tensor =>
    integrate(law.velocity, x, s, t, {
      solver: method,
      steps,
      diffusion: (time) => time.mul(-0.5).add(1),
      score: law.score,
      increments: dW.reshape([steps, fine / steps, batch, 2]).sum(1),
    });

  it("has its declared strong order along fixed Brownian paths", () => {
    const reference = solve(solvers.heunSde, fine);
    const counts = [16, 32, 64];
    const errors = counts.map((steps) => mean(norm(sub(solve(solver, steps), reference))).item());
    expect(Math.abs(slope(counts, errors) - solver.order)).toBeLessThan(0.15);
    // control: noise that is not the same path leaves an error that no step size removes
    const other = integrate(law.velocity, x, s, t, { solver, steps: 64, score: law.score, key: key(99) });
    expect(mean(norm(sub(other, reference))).item()).toBeGreaterThan(10 * errors[2]);
  });

  it("evaluates as often as it declares", () => {
    let count = 0;
    const counted = (y: Tensor, time: Tensor) => {
      count++;
      return law.velocity(y, time);
    };
    integrate(counted, x, 0, 0.5, { solver, steps: 5, key: key(0), score: law.score });
    expect(count).toBe(5 * solver.cost);
  });
});

describe("control: a stage at the wrong time", () => {
  it("costs Heun's method an order, and the measurement shows it", () => {
    const broken: OdeSolver = {
      ...solvers.heun,
      step(v, x, t, dt) {
        const first = v(x, t);
        return x.add(dt.mul(0.5).mul(first.add(v(x.add(dt.mul(first)), t))));
      },
    };
    const velocity = (x: Tensor, t: Tensor) => linearVelocity(A)(x, t).mul(t.mul(2).add(1));
    const counts = countsFor(broken);
    const end = tensor([exact(0.8 + 0.64)]);
    const errors = counts.map((steps) =>
      norm(sub(integrate(velocity, tensor([start]), 0, 0.8, { solver: broken, steps }), end)).item(),
    );
    expect(slope(counts, errors)).toBeLessThan(1.2);
  });
});

describe("the registry of solvers", () => {
  it("names every solver by its key, with a citation", () => {
    for (const [name, solver] of Object.entries(solvers)) {
      expect(solver.name).toBe(name);
      expect(solver.reference.cite.length).toBeGreaterThan(10);
    }
  });
});

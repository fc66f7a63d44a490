import { gaussian, integrate, type VelocityField } from "@pushforward/flows";
import { add, fromData, key, mul, normal, sub, type Tensor } from "@pushforward/tensor";
import { directionsFor } from "./metrics/directions.ts";
import { energyDistance } from "./metrics/energyDistance.ts";
import { mapError } from "./metrics/mapError.ts";
import { countPoints, type PointSet } from "./metrics/pointSet.ts";
import { slicedWasserstein } from "./metrics/slicedWasserstein.ts";
import { type Problem, pointsOf } from "./problems/problem.ts";
import type { AppliedNetwork, Objective } from "./training/objective.ts";

/** Samples that are compared with held-out points. */
const sampleCount = 2000;
/** Seed of the noise that every sampler starts from, so that maps can be compared point by point. */
const noiseSeed = 7_368_787;
/** Steps of the solver that stands for the teacher's own map. */
const teacherSolve = { solver: "rk4", steps: 40 } as const;

/** Moves noise [n, dim] to data in a number of steps. */
export type Sampler = (noise: Tensor, steps: number) => Tensor;

/** The figures of one sampler; errors only where the exact map is known. */
export interface Figures {
  readonly oneStepError?: number;
  readonly fourStepError?: number;
  readonly slicedWasserstein: number;
  readonly energyDistance: number;
}

/** Sampling by a network for average velocities: steps along the flow map, x ← x + (t − s)·u(x, s, t). */
export const flowMapSampler =
  (network: AppliedNetwork): Sampler =>
  (noise, steps) => {
    let x = noise;
    for (let i = 0; i < steps; i++) {
      const [s, t] = [timeOf(noise, i / steps), timeOf(noise, (i + 1) / steps)];
      x = add(x, mul(network(x, s, t), 1 / steps));
    }
    return x;
  };

/**
 * Sampling by a network that only knows the way to t = 1: to the data, back on the straight line to the same noise, and
 * to the data again from ever later times.
 */
export const refiningSampler =
  (network: AppliedNetwork): Sampler =>
  (noise, steps) => {
    let data = noise;
    for (let i = 0; i < steps; i++) {
      const s = i / steps;
      const x = i === 0 ? noise : add(mul(data, s), mul(noise, 1 - s));
      data = add(x, mul(network(x, timeOf(noise, s), timeOf(noise, 1)), 1 - s));
    }
    return data;
  };

/** How to sample from what an objective trained. */
export function samplerOf(objective: Objective, network: AppliedNetwork): Sampler {
  if (objective.network === "velocity") return eulerSampler(network);
  return objective.endsAtData ? refiningSampler(network) : flowMapSampler(network);
}

/** Euler steps along a velocity. */
export const eulerSampler =
  (velocity: VelocityField): Sampler =>
  (noise, steps) =>
    integrate(velocity, noise, 0, 1, { solver: "euler", steps });

const timeOf = (x: Tensor, t: number): Tensor =>
  fromData(x.dtype === "float32" ? Float32Array.of(t) : Float64Array.of(t), []);

/** Judges samplers of one problem by the same noise and the same held-out points. */
export class Judge {
  readonly problem: Problem;
  private readonly dtype: "float32" | "float64";
  private readonly directions: PointSet;
  private exactEnd: PointSet | undefined;

  constructor(problem: Problem, dtype: "float32" | "float64") {
    this.problem = problem;
    this.dtype = dtype;
    this.directions = directionsFor(problem.dim);
  }

  /** The noise of all comparisons, [n, dim]; the first rows are the same for every n. */
  noise(count = sampleCount): Tensor {
    return normal(key(noiseSeed), [sampleCount, this.problem.dim]).slice([0, count]).cast(this.dtype);
  }

  /** Where the exact map takes the noise, or undefined where none is known. */
  exactPoints(): PointSet | undefined {
    const { exact } = this.problem;
    if (!exact) return undefined;
    const zero = fromData(Float64Array.of(0), []);
    const one = fromData(Float64Array.of(1), []);
    this.exactEnd ??= pointsOf(exact.flowMap(this.noise().cast("float64"), zero, one));
    return this.exactEnd;
  }

  figures(sampler: Sampler, samples: Tensor = sampler(this.noise(), 1)): Figures {
    const points = pointsOf(samples);
    return { ...this.errors(sampler), ...this.distances(points) };
  }

  private errors(sampler: Sampler): Pick<Figures, "oneStepError" | "fourStepError"> {
    const exact = this.exactPoints();
    if (!exact) return {};
    const error = (steps: number): number => mapError(pointsOf(sampler(this.noise(), steps)), exact);
    return { oneStepError: error(1), fourStepError: error(4) };
  }

  private distances(points: PointSet): Pick<Figures, "slicedWasserstein" | "energyDistance"> {
    const { heldOut } = this.problem;
    return {
      slicedWasserstein: slicedWasserstein(points, heldOut, this.directions),
      energyDistance: energyDistance(points, heldOut),
    };
  }

  /** The teacher: its errors by Euler steps, its samples by solving the ODE accurately. */
  teacherFigures(velocity: VelocityField): Figures {
    return this.figures(eulerSampler(velocity), integrate(velocity, this.noise(), 0, 1, teacherSolve));
  }

  /** The Gaussian with the training points' mean and covariance: its samples, and its own exact flow map as the map. */
  gaussianFit(): Figures {
    const law = gaussian(momentsOf(this.problem.training));
    const noise = this.noise().cast("float64");
    const sampler: Sampler = () => law.flowMap(noise, 0, 1);
    const exact = this.exactPoints();
    const samples = sampler(noise, 1);
    const errors = exact ? { oneStepError: mapError(pointsOf(samples), exact) } : {};
    return { ...errors, ...this.distances(pointsOf(samples)) };
  }
}

/** Mean and covariance of points. */
export function momentsOf(points: PointSet): { mean: number[]; cov: number[][] } {
  const { dim } = points;
  const n = countPoints(points);
  const x = fromData(Float64Array.from(points.values), [n, dim]);
  const mean = x.mean(0);
  const centred = sub(x, mean);
  const cov = centred.transpose().matmul(centred).div(n);
  return { mean: [...mean.dataSync()], cov: cov.toArray() as number[][] };
}

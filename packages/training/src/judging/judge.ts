import { gaussian, integrate, type VelocityField } from "@pushforward/flows";
import { fromData, key, normal, type Tensor } from "@pushforward/tensor";
import { type Problem, pointsOf } from "../problems/problem.ts";
import { eulerSampler, type Sampler } from "../samplers.ts";
import { directionsFor } from "./directions.ts";
import { energyDistance } from "./energyDistance.ts";
import { fitGaussian, type GaussianFit } from "./gaussianFit.ts";
import { histogramKl } from "./histogramKl.ts";
import { mapError } from "./mapError.ts";
import { type PointSet, thinPoints } from "./pointSet.ts";
import { slicedWasserstein } from "./slicedWasserstein.ts";

/** Samples that are compared with held-out points. */
const sampleCount = 2000;
/** The first of them, which are compared with the exact map: its solution to high accuracy is the slowest part. */
const mapCount = 1000;
/** Seed of the noise that every sampler starts from, so that maps can be compared point by point. */
const noiseSeed = 7_368_787;
/** The solver that stands for the teacher's own map; 40 steps move no sample of a trained teacher by more than 1e-3. */
export const teacherSolve = { solver: "rk4", steps: 20 } as const;

/** The figures of one sampler; errors only where the exact map is known. */
export interface Figures {
  readonly oneStepError?: number;
  readonly fourStepError?: number;
  readonly slicedWasserstein: number;
  readonly energyDistance: number;
  /** For laws in the plane without an exact map, in nats. */
  readonly histogramKl?: number;
}

/** What needs nothing but samples. */
type Distances = Omit<Figures, "oneStepError" | "fourStepError">;

/** Cells along each axis of a histogram: so few that each holds some of the samples. */
const histogramBins = 16;

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

  /** Judges a sampler by its samples in one step, and by its error in one step and in four. */
  figures(sampler: Sampler, samples: Tensor = sampler(this.noise(), 1)): Figures {
    return { ...this.errors(sampler), ...this.distances(pointsOf(samples)) };
  }

  /** The teacher: its errors by Euler steps, its samples by solving the ODE accurately. */
  teacherFigures(velocity: VelocityField): Figures {
    return this.figures(eulerSampler(velocity), this.solve(velocity));
  }

  /** Error of a velocity's own map, its ODE solved; undefined where the exact map is not known. */
  solvedError(velocity: VelocityField): number | undefined {
    const exact = this.exactPoints();
    return exact && mapError(pointsOf(this.solve(velocity, this.noise(mapCount))), exact);
  }

  /** The noise carried to the data along a velocity. */
  solve(velocity: VelocityField, noise: Tensor = this.noise()): Tensor {
    return integrate(velocity, noise, 0, 1, teacherSolve);
  }

  /** The Gaussian with the training points' mean and covariance: its samples, and its own exact flow map as the map. */
  gaussianFit(): Figures {
    const fit = fitGaussian(this.problem.training);
    const exact = this.exactPoints();
    const ownMap = (): Tensor => gaussian(asLaw(fit)).flowMap(this.noise(mapCount).cast("float64"), 0, 1);
    const errors = exact ? { oneStepError: mapError(pointsOf(ownMap()), exact) } : {};
    return { ...errors, ...this.distances(pointsOf(fit.sample(this.noise()))) };
  }

  /** Where the exact map takes the first part of the noise, or undefined where none is known. */
  private exactPoints(): PointSet | undefined {
    const { exact } = this.problem;
    if (!exact) return undefined;
    const [zero, one] = [0, 1].map((t) => fromData(Float64Array.of(t), []));
    this.exactEnd ??= pointsOf(exact.flowMap(this.noise(mapCount).cast("float64"), zero, one));
    return this.exactEnd;
  }

  private errors(sampler: Sampler): Pick<Figures, "oneStepError" | "fourStepError"> {
    const exact = this.exactPoints();
    if (!exact) return {};
    const error = (steps: number): number => mapError(pointsOf(sampler(this.noise(mapCount), steps)), exact);
    return { oneStepError: error(1), fourStepError: error(4) };
  }

  /** Points that training sees, judged as if a sampler had made them: what a perfect one gets by chance. */
  trainingPoints(): Distances {
    return this.distances(thinPoints(this.problem.training, sampleCount));
  }

  private distances(points: PointSet): Distances {
    const { heldOut, exact, dim } = this.problem;
    const isDrawn = dim === 2 && !exact;
    return {
      slicedWasserstein: slicedWasserstein(points, heldOut, this.directions),
      energyDistance: energyDistance(points, heldOut),
      ...(isDrawn ? { histogramKl: histogramKl(heldOut, points, { bins: histogramBins }) } : {}),
    };
  }
}

/** Mean and covariance as the Gaussian law wants them. */
function asLaw({ mean, cov }: GaussianFit): { mean: number[]; cov: number[][] } {
  const dim = mean.length;
  return { mean: [...mean], cov: Array.from(mean, (_, i) => [...cov.subarray(i * dim, (i + 1) * dim)]) };
}

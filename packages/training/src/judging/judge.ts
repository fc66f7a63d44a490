import { gaussian, integrate, type VelocityField } from "@pushforward/flows";
import { fromData, key, normal, type Tensor } from "@pushforward/tensor";
import { type Problem, pointsOf } from "../problems/problem.ts";
import { eulerSampler, type Sampler } from "../samplers.ts";
import { usualLabels } from "../trainer/labels.ts";
import { fitGaussian, type GaussianFit } from "./gaussianFit.ts";
import { type ClassifiedPoints, classifierOf, gaussianPerClass } from "./labelScores.ts";
import { mapError } from "./mapError.ts";
import type { ComparedPoints, Metric } from "./metric.ts";
import { type MetricName, metricNames, metrics, type Scores } from "./metrics.ts";
import { countPoints, type PointSet, thinPoints } from "./pointSet.ts";

/** Samples that are compared with held-out points. */
export const sampleCount = 2000;
/** Rows of noise that are carried by the exact flow map too: solving it to high accuracy is the slowest part. */
const mapCount = 1000;
/** Seed of the noise that every sampler starts from, so that maps can be compared point by point. */
const noiseSeed = 7_368_787;
/** The solver that stands for the teacher's own map; 40 steps move no sample of a trained teacher by more than 1e-3. */
export const teacherSolve = { solver: "rk4", steps: 20 } as const;

/** Functions that make the points of a comparison, each called at most once; points that do not exist are left out. */
type PointSources = { readonly [Name in keyof ComparedPoints]?: () => PointSet };

/** Judges samplers of one problem by the same noise and the same held-out points. */
export class Judge {
  readonly problem: Problem;
  private readonly dtype: "float32" | "float64";
  private readonly references: PointSources;

  constructor(problem: Problem, dtype: "float32" | "float64") {
    this.problem = problem;
    this.dtype = dtype;
    const { exact, classes, heldOut } = problem;
    const exactMap = (map: NonNullable<Problem["exact"]>) => () =>
      pointsOf(map.flowMap(this.noise(mapCount).cast("float64"), timeOf(0), timeOf(1)));
    this.references = {
      heldOut: () => heldOut,
      ...(exact ? { exactMap: once(exactMap(exact)) } : {}),
      ...(classes ? { heldOutFeatures: once(() => this.read(thinPoints(heldOut, sampleCount)).features) } : {}),
    };
  }

  /** The noise of all comparisons, [n, dim]; the first rows are the same for every n. */
  noise(count = sampleCount): Tensor {
    return normal(key(noiseSeed), [sampleCount, this.problem.dim]).slice([0, count]).cast(this.dtype);
  }

  /**
   * Judges a sampler by its samples, and by its error to the exact flow map in one step and in four.
   *
   * @param samples [n, dim], where points have labels made for the classes of `usualLabels`, as the sampler's own. Default: the sampler's in
   *                one step
   */
  scores(sampler: Sampler, samples?: Tensor): Scores {
    return this.compare(this.pointsBy(sampler, samples));
  }

  /** One of these scores alone; undefined if the metric is not one of the problem. */
  score(name: MetricName, sampler: Sampler): number | undefined {
    const sources = this.pointsBy(sampler);
    return this.applicable(sources).includes(name)
      ? metrics[name].of(pointsFrom({ ...this.references, ...sources }))
      : undefined;
  }

  /** The points of a sampler that metrics compare. */
  private pointsBy(sampler: Sampler, samples?: Tensor): PointSources {
    const images = (steps: number) => () => pointsOf(sampler(this.noise(mapCount), steps));
    return {
      ...this.classified(() => pointsOf(samples ?? sampler(this.noise(), 1))),
      oneStep: images(1),
      fourSteps: images(4),
      ...(this.problem.classes
        ? { fourStepFeatures: () => this.read(pointsOf(sampler(this.noise(), 4))).features }
        : {}),
    };
  }

  /** Judges a velocity: its errors are those of Euler steps, its samples come from solving its ODE accurately. */
  velocityScores(velocity: VelocityField): Scores {
    return this.scores(eulerSampler(velocity), this.solve(velocity));
  }

  /** The scores of a training that diverged: NaN for every metric of the problem. */
  divergedScores(): Scores {
    const unused = (): never => {
      throw new Error("divergedScores: no points are compared");
    };
    const names = this.applicable(this.pointsBy(unused));
    return Object.fromEntries(names.map((name) => [name, Number.NaN]));
  }

  /** Error of a velocity's own flow map, its ODE solved; undefined where the exact flow map is unknown. */
  solvedError(velocity: VelocityField): number | undefined {
    const { exactMap } = this.references;
    return exactMap && mapError(pointsOf(this.solve(velocity, this.noise(mapCount))), exactMap());
  }

  /** The noise carried to the data along a velocity. */
  solve(velocity: VelocityField, noise: Tensor = this.noise()): Tensor {
    return integrate(velocity, noise, 0, 1, teacherSolve);
  }

  /**
   * The Gaussian with mean and covariance of the training points: its samples, and its own exact flow map as one step. Where points have labels,
   * a Gaussian for each class.
   */
  gaussianFit(): Scores {
    const { classes } = this.problem;
    if (classes) {
      const labels = usualLabels(classes, sampleCount).dataSync();
      return this.compare(this.classified(() => gaussianPerClass(this.problem, this.noise(), labels)));
    }
    const fit = fitGaussian(this.problem.training);
    return this.compare({
      ...this.classified(() => pointsOf(fit.sample(this.noise()))),
      oneStep: () => pointsOf(gaussian(lawOf(fit)).flowMap(this.noise(mapCount).cast("float64"), 0, 1)),
    });
  }

  /** The training points as if a sampler had made them: the scores of a perfect sampler, up to chance. */
  trainingPoints(): Scores {
    const { training, classes } = this.problem;
    const labels = classes && thinPoints(labelPoints(classes.training), sampleCount);
    return this.compare(this.classified(() => thinPoints(training, sampleCount), labels));
  }

  /** Samples, and their classes where points have labels: those of a sampler that is not told which are the usual ones. */
  private classified(makeSamples: () => PointSet, asked?: PointSet): PointSources {
    const { classes } = this.problem;
    const samples = once(makeSamples);
    if (!classes) return { samples };
    const read = once(() => this.read(samples()));
    return {
      samples,
      askedClasses: () => asked ?? labelPoints(usualLabels(classes, countPoints(samples())).dataSync()),
      sampleClasses: () => read().classes,
      sampleFeatures: () => read().features,
    };
  }

  /** Points as the classifier of the problem sees them. */
  private read(points: PointSet): ClassifiedPoints {
    return classifierOf(this.problem, sampleCount).read(points);
  }

  /** The metrics of the problem that these points suffice for. */
  private applicable(candidate: PointSources): MetricName[] {
    const sources = { ...this.references, ...candidate };
    return metricNames.filter((name) => {
      const { needs, where }: Metric = metrics[name];
      return needs.every((need) => sources[need]) && (where?.holds(this.problem) ?? true);
    });
  }

  /** Every metric that the points of a candidate suffice for. */
  private compare(candidate: PointSources): Scores {
    const points = pointsFrom({ ...this.references, ...candidate });
    return Object.fromEntries(this.applicable(candidate).map((name) => [name, metrics[name].of(points)]));
  }
}

/** Points that are made when a metric reads them. */
function pointsFrom(sources: PointSources): ComparedPoints {
  const getters = Object.entries(sources).map(([name, make]) => [name, { get: once(make) }]);
  return Object.defineProperties({}, Object.fromEntries(getters)) as ComparedPoints;
}

/** A function that computes its result in the first call and keeps it. */
function once<Result extends object>(make: () => Result): () => Result {
  let result: Result | undefined;
  return () => {
    result ??= make();
    return result;
  };
}

/** Labels as points of one coordinate. */
const labelPoints = (labels: ArrayLike<number>): PointSet => ({ values: labels, dim: 1 });

const timeOf = (t: number): Tensor => fromData(Float64Array.of(t), []);

/** Mean and covariance as arguments of the law `gaussian`. */
function lawOf({ mean, cov }: GaussianFit): { mean: number[]; cov: number[][] } {
  const dim = mean.length;
  return { mean: [...mean], cov: Array.from(mean, (_, i) => [...cov.subarray(i * dim, (i + 1) * dim)]) };
}

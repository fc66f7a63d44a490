import type { AverageVelocity } from "@pushforward/flows";
import { type AnyLoss, type LossTangent, type LossVectors, lossVectors } from "@pushforward/losses";
import {
  DomainError,
  div,
  foldIn,
  mean,
  mustBe,
  mustBeOneOf,
  normal,
  reshape,
  squaredNorm,
  sub,
  sum,
  type Tensor,
  tensor,
} from "@pushforward/tensor";
import { checkProblem, drawPoints } from "../problems/checkProblem.ts";
import type { Problem } from "../problems/problem.ts";
import { interpolateLinear } from "../trainer/generatorSamples.ts";
import { observationStreams } from "../trainer/streams.ts";
import { exactAverageVelocity } from "./exactValues.ts";
import { middleOf, probePoints, sizeInCells, squareMap, triangleCells } from "./probes.ts";

/** A loss at an average velocity. */
export interface TimeMapInput {
  /** A loss whose tangent holds v, see `lossVectors`. */
  readonly loss: AnyLoss;
  readonly u: AverageVelocity;
  /** Data whose velocity is known. */
  readonly problem: Problem;
  readonly tangent: LossTangent;
  /** Randomness of the points. */
  readonly key: Tensor;
  /** The dtype at which u is evaluated. */
  readonly dtype: "float32" | "float64";
}

/**
 * The maps by name:
 *
 * - ‖du/ds‖: ‖d/ds U‖ along the tangent, the root of the mean square over two points in each cell
 * - residual: ‖target − U‖ = ‖½·∂L/∂U‖, likewise
 * - target error: ‖target − exact U‖, likewise; 0 where the loss pulls at the exact average velocity
 * - gradient variance: tr Cov(∂L/∂U) over points and samples of a cell, with v = X₁ − X₀ in losses that take it
 */
export const timeMapNames = ["‖du/ds‖", "residual", "target error", "gradient variance"] as const;

/** Name of a map over (s, t). */
export type TimeMapName = (typeof timeMapNames)[number];

/** Samples in each cell from which a variance is estimated. */
const samplesPerCell = 8;

/**
 * A loss over the times of its map, at any average velocity and along any tangent. The velocity of the loss is the exact one, except in
 * the variance of the gradient. With the tangent of the loss, the first two maps of MeanFlow are those of the figure `times`.
 *
 * @returns [timeCells²], row by row of s; NaN where s > t
 * @throws DomainError for a problem without a known velocity
 */
export function timeMap(name: TimeMapName, input: TimeMapInput): number[] {
  if (!timeMapNames.includes(name)) throw new DomainError(`timeMap: the map ${mustBeOneOf(name, timeMapNames)}`);
  checkInput(input);
  if (name === "gradient variance") return mapOf(gradientVariance(input));
  const { problem, key, dtype } = input;
  const points = probePoints({ problem, settings: { dtype } }, key);
  const { xs, s, t } = points;
  const { average, derivative, target } = vectorsAt(input, { ...points, v: exactOf(problem).velocity(xs, s) });
  const vectors = {
    "‖du/ds‖": () => derivative,
    residual: () => sub(target, average),
    "target error": () => sub(target, exactAverageVelocity(exactOf(problem))(xs, s, t)),
  };
  return mapOf(sizeInCells(vectors[name]()));
}

/** Points with the velocity of the loss, and the ends of their paths where they are known. */
type LossPoints = { readonly xs: Tensor; readonly s: Tensor; readonly t: Tensor; readonly v: Tensor } & Partial<
  Record<"noise" | "data", Tensor>
>;

function vectorsAt({ loss, u, problem, tangent }: TimeMapInput, points: LossPoints): LossVectors {
  const { noise = points.xs, data = points.xs } = points;
  return lossVectors(loss, { noise, data, ...points, ...lossNetworks(problem, u) }, tangent);
}

/**
 * The frozen networks of a loss: the exact velocity as the teacher, and the student itself.
 *
 * @throws DomainError for a problem without a known velocity
 */
export function lossNetworks(problem: Problem, u: AverageVelocity) {
  mustBe("lossNetworks", "the problem", problem, "object");
  mustBe("lossNetworks", "the average velocity", u, "function");
  if (problem.exact === undefined)
    throw new DomainError(`lossNetworks: the velocity of the problem must be known, got ${problem.name}`);
  return { u, teacher: problem.exact.velocity, unconditional: u, warmup: 1 };
}

const exactOf = ({ exact }: Problem): NonNullable<Problem["exact"]> => exact!;

const mapOf = (values: Tensor): number[] => squareMap(Array.from(values.dataSync()));

/** tr Cov of ∂L/∂U in every cell, [cells with s ≤ t]. */
function gradientVariance(input: TimeMapInput): Tensor {
  const { loss, problem, key, dtype } = input;
  const n = triangleCells.length * samplesPerCell;
  const [s, t] = [0, 1].map((which) =>
    tensor(
      triangleCells.flatMap((cell) => Array.from({ length: samplesPerCell }, () => [middleOf(cell[which])])),
      { dtype },
    ),
  );
  const { samples } = observationStreams;
  const noise = normal(foldIn(key, samples.noise), [n, problem.dim], { dtype });
  const data = drawPoints(problem, foldIn(key, samples.data), n, dtype);
  const xs = interpolateLinear(noise, data, s);
  const v = loss.conditionalVelocity === "unused" ? exactOf(problem).velocity(xs, s) : sub(data, noise);
  const { gradient } = vectorsAt(input, { xs, s, t, v, noise, data });
  const inCells = reshape(gradient, [triangleCells.length, samplesPerCell, problem.dim]);
  const spread = squaredNorm(sub(inCells, mean(inCells, 1, { keepDims: true })));
  return div(sum(spread, 1), samplesPerCell - 1);
}

function checkInput(input: TimeMapInput): void {
  mustBe("timeMap", "the input", input, "object");
  const { key, dtype, problem } = input;
  checkProblem("timeMap", problem);
  mustBe("timeMap", "the key", key, "tensor");
  const dtypes = ["float32", "float64"];
  if (!dtypes.includes(dtype)) throw new DomainError(`timeMap: dtype ${mustBeOneOf(dtype, dtypes)}`);
  if (problem.exact === undefined)
    throw new DomainError(`timeMap: the velocity of the problem must be known, but that of ${problem.name} is not`);
}

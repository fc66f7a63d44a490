import { jvp } from "@pushforward/autodiff";
import { firstOrderFlowMap } from "@pushforward/flows";
import { forwardResidual } from "@pushforward/losses";
import {
  abs,
  add,
  concat,
  div,
  floor,
  maximum,
  minimum,
  mul,
  onesLike,
  reshape,
  scatterAdd,
  stack,
  sub,
  type Tensor,
  tensor,
  zerosLike,
} from "@pushforward/tensor";
import { endsAtData, generatorStarts, learnsDiagonal } from "../trainer/recipeTraits.ts";
import { observationStreams } from "../trainer/streams.ts";
import type { Trainer } from "../trainer/trainer.ts";
import { asTrained } from "./estimators.ts";
import { type Figure, figure } from "./figure.ts";
import type { Observed } from "./observed.ts";
import { middleOf, pointsOfTimes, sizeInCells, squareMap, timeCells } from "./probes.ts";
import { singularValues } from "./singularValues.ts";

/** Whether a training has a map Φ(x, s, t) for any two times; at times t < 1 a map to data is the network as it was drawn. */
const hasMap = ({ recipe }: Trainer): boolean =>
  recipe.network === "averageVelocity" &&
  generatorStarts(recipe) === undefined &&
  !learnsDiagonal(recipe) &&
  !endsAtData(recipe);

/** The mean of the losses of all batches in every cell of (s, t), [cells²]; not a number in a cell without times. */
function lossInCells({ batches }: Observed): Tensor {
  const flat = (of: (term: ReturnType<Observed["batches"]>["terms"][number]) => Tensor): Tensor =>
    concat(batches().terms.map((term) => reshape(of(term), [-1])));
  const values = flat(({ values: all }) => all[asTrained]);
  const cellOf = (time: Tensor): Tensor => minimum(timeCells - 1, maximum(0, floor(mul(time, timeCells))));
  const cells = add(mul(cellOf(flat(({ s }) => s)), timeCells), cellOf(flat(({ t }) => t))).cast("int32");
  const count = timeCells ** 2;
  return div(scatterAdd(values, cells, count), scatterAdd(onesLike(values), cells, count));
}

/** Lengths t − s at which a map is differentiated, and points for each. */
const [spans, pointsPerSpan] = [timeCells, 8];
/** Most coordinates of a map whose derivative is computed column by column. */
const mostCoordinates = 8;

/** X_s with s evenly spread over [0, 1 − h] for every length h, and both times, [spans·points, …]. */
function spanPoints({ trainer: { problem, settings }, key }: Observed) {
  const dtype = settings.dtype as "float32";
  const times = Array.from({ length: spans * pointsPerSpan }, (_, i) => {
    const h = middleOf(Math.floor(i / pointsPerSpan));
    const s = ((i % pointsPerSpan) + 0.5) * ((1 - h) / pointsPerSpan);
    return [s, s + h];
  });
  const [s, t] = [0, 1].map((which) =>
    tensor(
      times.map((pair) => [pair[which]]),
      { dtype },
    ),
  );
  return { xs: pointsOfTimes(problem, key, observationStreams.spans, s), s, t };
}

/** Maps over the two times, and the derivative of the map. */
export const timeFigures = {
  times: figure({
    title: "Over the times of the map",
    kind: "times",
    axis: "log",
    meaning:
      "Rows: start time s, columns: end time t. Roots of mean squares over two points in each cell, with the exact velocity where it is known, else that of the teacher, else u(x, s, s): ‖du/ds‖ along the path, the backward residual ∂ₛΦ + ∇ₓΦ·v, the forward residual v(Φ) − ∂ₜΦ, the error ‖Φ − exact Φ‖. Loss: the mean of its values before weighting over the times that the training draws.",
    applies: hasMap,
    measure(observed) {
      const { xs, s, t, u, v } = observed.probes();
      const velocity = v(xs, s);
      const [U, dU] = jvp(u, [xs, s, t], [velocity, onesLike(s), zerosLike(t)]);
      const span = sub(t, s);
      const exact = observed.exact?.probes;
      return {
        "‖du/ds‖": sizeInCells(dU),
        "backward residual": sizeInCells(add(sub(velocity, U), mul(span, dU))),
        "forward residual": sizeInCells(forwardResidual(firstOrderFlowMap(u), v, xs, s, t)),
        ...(exact ? { error: sizeInCells(mul(abs(span), sub(U, exact))) } : {}),
        loss: lossInCells(observed),
      };
    },
    finish: (values) =>
      Object.fromEntries(
        Object.entries(values).map(([name, x]) => {
          const numbers = Array.from(x.dataSync());
          return [name, numbers.length === timeCells ** 2 ? numbers : squareMap(numbers)];
        }),
      ),
  }),
  stretch: figure({
    title: "Stretch of the map",
    kind: "fan",
    axis: "log",
    meaning: `Singular values of ∇Φ from s to t, over t − s: the means of the largest and the smallest over eight points, and the extremes. A value near 0 means a collapse. Maps of at most ${mostCoordinates} coordinates.`,
    applies: (trainer) => hasMap(trainer) && trainer.problem.dim <= mostCoordinates,
    measure(observed) {
      const { u } = observed.probes();
      const { xs, s, t } = spanPoints(observed);
      const phi = firstOrderFlowMap(u);
      const [n, dim] = xs.shape;
      const columns = Array.from({ length: dim }, (_, i) => {
        const unit = zerosLike(xs).add(
          tensor(
            Array.from({ length: dim }, (_, j) => Number(i === j)),
            { dtype: xs.dtype as "float32" },
          ),
        );
        return jvp((x: Tensor) => phi(x, s, t), [xs], [unit])[1];
      });
      return { jacobians: reshape(stack(columns, -1), [n, dim, dim]) };
    },
    finish({ jacobians }) {
      const [, dim] = jacobians.shape;
      const all = Array.from(jacobians.dataSync());
      const of = (point: number): number[] =>
        singularValues(all.slice(point * dim * dim, (point + 1) * dim * dim), dim);
      const bySpan = Array.from({ length: spans }, (_, h) =>
        Array.from({ length: pointsPerSpan }, (_, i) => of(h * pointsPerSpan + i)),
      );
      const mean = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0) / numbers.length;
      const [largest, smallest] = [0, dim - 1].map((i) => bySpan.map((points) => points.map((values) => values[i])));
      return {
        "largest of all points": largest.map((values) => Math.max(...values)),
        largest: largest.map(mean),
        smallest: smallest.map(mean),
        "smallest of all points": smallest.map((values) => Math.min(...values)),
      };
    },
  }),
} as const satisfies Readonly<Record<string, Figure>>;

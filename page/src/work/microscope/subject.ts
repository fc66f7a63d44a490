import { differenceErrors } from "@pushforward/autodiff";
import type { AverageVelocity } from "@pushforward/flows";
import { type AnyLoss, type LossVectors, lossVectors, type Recipe } from "@pushforward/losses";
import { key, norm, sub, type Tensor, type Tree, tensor, treeMap } from "@pushforward/tensor";
import {
  chosenRecipe,
  type ExactVelocity,
  exactAverageVelocity,
  heatLevels,
  heatScaleOf,
  levelOf,
  lossNetworks,
  makeTrainer,
  type Problem,
  parseTrainingSettings,
  planeProblems,
  type TimeMapName,
  timeCells,
  timeMap,
} from "@pushforward/training";
import { networkSettings, stepPowers, type TangentChoice } from "../../microscope/microscopeState.ts";
import { planeAround } from "../../paint/plane.ts";
import { Stage } from "../race/stage.ts";
import { recipeOf } from "../recipeOf.ts";
import type { ColoredMap, Differences, FirstOrder, Pair, Prepared, Sight, Spot, Subject } from "./messages.ts";

type Dtype = "float32" | "float64";

/** Points of the exact path that are shown. */
const pathPoints = 40;
/** Held-out points that are shown. */
const shownPoints = 1500;

const pair = (x: Tensor): Pair => Array.from(x.dataSync()) as unknown as Pair;
const column = (times: readonly number[], dtype: Dtype = "float64"): Tensor =>
  tensor(
    times.map((time) => [time]),
    { dtype },
  );
const steps: readonly number[] = Array.from(
  { length: (stepPowers.most - stepPowers.least) / stepPowers.stride + 1 },
  (_, i) => 10 ** (stepPowers.least + i * stepPowers.stride),
);

/** A problem with a known velocity, a loss, and an average velocity: the exact one, or a network that is trained here. */
export class MicroscopeSubject {
  private readonly problem: Problem;
  private readonly loss: AnyLoss;
  private readonly exact: ExactVelocity;
  private readonly stage: Stage | undefined;
  private readonly seed: number;
  private readonly updates: number;

  private constructor({ data, model }: Subject, recipe: Recipe) {
    this.problem = planeProblems[data]();
    this.loss = recipe.terms[recipe.terms.length - 1].loss;
    this.exact = exactAverageVelocity(this.problem.exact!);
    [this.seed, this.updates] = model.kind === "network" ? [model.seed, model.updates] : [0, 0];
    if (model.kind === "network") this.stage = new Stage(trainerOf(this.problem, recipe, model));
  }

  /**
   * Prepares a subject, whose network has no update yet.
   *
   * @throws DomainError about the settings of the network; Error about a loss that did not load
   */
  static async open(subject: Subject): Promise<MicroscopeSubject> {
    return new MicroscopeSubject(subject, await recipeOf(subject.loss));
  }

  get prepared(): Prepared {
    const { values } = this.problem.heldOut;
    return {
      plane: planeAround(values),
      points: Array.from(values).slice(0, 2 * shownPoints),
      updates: this.updates,
    };
  }

  /**
   * Takes updates of the network for some milliseconds.
   *
   * @returns the updates done
   */
  async advance(milliseconds: number): Promise<number> {
    const end = performance.now() + milliseconds;
    const { stage } = this;
    while (stage && stage.done < this.updates && performance.now() < end) await stage.step();
    return stage?.done ?? 0;
  }

  /** The average velocity that is looked at. */
  private velocityAt(dtype: Dtype): AverageVelocity {
    const { stage } = this;
    if (!stage) return (x, s, t) => this.exact(x, s as Tensor, t as Tensor);
    const average = treeMap((p: Tensor) => p.cast(dtype), stage.state.ema.average as Tree) as Tree;
    return stage.trainer.network({ ...stage.state, ema: { ...stage.state.ema, average } });
  }

  /** The vectors of the loss at a spot. */
  look(spot: Spot): Sight {
    const { x, s, t } = spot;
    const found = this.vectorsAt(spot);
    const { exact, path } = this.pathFrom(x, s, t);
    const distance = (a: Tensor, b: Tensor): number => norm(sub(a, b)).item();
    const { average, target } = found;
    return {
      ...{
        velocity: pair(this.problem.exact!.velocity(tensor([[...x]]), column([s]))),
        along: pair(found.along),
        average: pair(average),
        derivative: pair(found.derivative),
      },
      ...{ correction: pair(found.correction), target: pair(target), exact: pair(exact), value: found.value.item() },
      targetError: distance(target, exact),
      residual: distance(target, average),
      averageError: distance(average, exact),
      path,
    };
  }

  /** The exact path from (x, s) to t, and its average velocity: x + (r − s)·U(x, s, r) at times r in between. */
  private pathFrom(x: Pair, s: number, t: number): { exact: Tensor; path: number[] } {
    const times = Array.from({ length: pathPoints + 1 }, (_, i) => s + ((t - s) * i) / pathPoints);
    const xs = tensor(times.map(() => [...x]));
    const averages = this.exact(xs, column(times.map(() => s)), column(times));
    const path = xs.add(column(times.map((time) => time - s)).mul(averages));
    return { exact: averages.slice([pathPoints, pathPoints + 1]), path: Array.from(path.dataSync()) };
  }

  /** A map over (s, t) along a tangent. */
  map(name: TimeMapName, tangent: TangentChoice): ColoredMap {
    const { loss, problem, seed } = this;
    const input = { loss, u: this.velocityAt("float64"), problem, dtype: "float64", key: key(seed), tangent } as const;
    const values = timeMap(name, input);
    const scale = heatScaleOf(values);
    const levels = values.map((value) => (scale ? levelOf(scale, value) : Number(!Number.isNaN(value))));
    return { name, values, cells: timeCells, levels, colors: heatLevels, domain: scale?.domain };
  }

  /** The exact derivative at a spot, and the errors of differences in both dtypes. */
  differences(spot: Spot): Differences {
    const { x, s, t, tangent } = spot;
    const { along, derivative } = this.vectorsAt(spot);
    const curveAt = (dtype: Dtype) => {
      const primals = [tensor([[...x]], { dtype }), column([s], dtype), column([t], dtype)];
      const tangents = [along.cast(dtype), column([tangent.s], dtype), column([tangent.t], dtype)];
      const u = this.velocityAt(dtype) as (...args: Tensor[]) => Tensor;
      return differenceErrors(u, primals, tangents, { steps, derivative });
    };
    return { steps, derivative: pair(derivative), float32: curveAt("float32"), float64: curveAt("float64") };
  }

  /** The average velocity to first order around a spot. */
  firstOrder(spot: Spot): FirstOrder {
    const alongAxis = (x: Pair, s: number, t: number): Pair =>
      pair(this.vectorsAt({ ...spot, tangent: { x, s, t } }).derivative);
    const { velocity, along, average } = this.look(spot);
    return {
      ...{ velocity, along, average },
      slopes: [alongAxis([1, 0], 0, 0), alongAxis([0, 1], 0, 0), alongAxis([0, 0], 1, 0), alongAxis([0, 0], 0, 1)],
    };
  }

  /** The vectors of the loss at a spot, with the exact velocity. */
  private vectorsAt({ x, s, t, tangent }: Spot): LossVectors {
    const [xs, start, end] = [tensor([[...x]]), column([s]), column([t])];
    const v = this.problem.exact!.velocity(xs, start);
    const networks = lossNetworks(this.problem, this.velocityAt("float64"));
    return lossVectors(this.loss, { ...{ xs, v, noise: xs, data: xs, s: start, t: end }, ...networks }, tangent);
  }
}

/** The trainer of a network, with the exact velocity where the loss takes one. */
function trainerOf(problem: Problem, recipe: Recipe, { updates, seed }: { updates: number; seed: number }) {
  const settings = parseTrainingSettings({
    ...{ ...networkSettings, seed, steps: Math.max(1, updates) },
    ...{ teacherVelocity: "exact", backend: "wasm" },
  });
  return makeTrainer(chosenRecipe(recipe, settings), problem, settings);
}

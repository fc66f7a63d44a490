import { type Recipe, teacherRecipe } from "@pushforward/losses";
import { fromData, type Tensor, type Tree, tensor } from "@pushforward/tensor";
import {
  chosenRecipe,
  endsAtData,
  Judge,
  judgedVelocity,
  makeTrainer,
  metrics,
  needsLearntTeacher,
  type Problem,
  parseTrainingSettings,
  samplerOf,
  type Trainer,
  type TrainingSettings,
  type TrainState,
  teacherSettings,
} from "@pushforward/training";
import type { Scene } from "../../paint/paintScene.ts";
import { fieldPoints, type Plane, planeAround } from "../../paint/plane.ts";
import { recipeOf } from "../recipeOf.ts";
import type { LaneChange, LaneFigures, LaneTraining, Mark, StepsMark, View } from "./messages.ts";
import { problemOf } from "./problemOf.ts";
import { Stage } from "./stage.ts";

/** Kept states of a training, besides its start. */
const keptStates = 40;
/** Lines of a picture of paths. */
const pathCount = 60;
/** Parts of an exact line. */
const exactSteps = 24;
/** Numbers of steps after which samples are judged. */
const judgedSteps = [1, 2, 4, 8, 16];
/** Samples of a picture: the noise is that of the judge, so that errors are those of the command's reports. */
const sampleCount = 1000;

/** A kept state with its figures. */
interface Kept extends Mark {
  readonly state: TrainState<Tree>;
}

/**
 * The training of one loss, update by update: a teacher first where the loss needs a learnt one, then the loss itself. It computes and
 * keeps; its caller decides when. Updates are those of `train` with the same settings, bit for bit.
 */
export class Lane {
  readonly problem: Problem;
  /** Losses of all updates. */
  readonly losses: number[] = [];
  private readonly judge: Judge;
  private readonly metric: "oneStepError" | "slicedWasserstein";
  private readonly training: LaneTraining;
  /** The recipe of the loss before the settings change it. */
  private readonly published: Recipe;
  private settings: TrainingSettings;
  private readonly teacher: Stage | undefined;
  private student: Stage | undefined;
  private readonly kept: Kept[] = [];
  private solvedPaths: number[][] | undefined;

  private constructor(training: LaneTraining, problem: Problem, published: Recipe) {
    this.training = training;
    this.published = published;
    this.problem = problem;
    this.settings = settingsOf(training, this.problem);
    this.judge = new Judge(this.problem, this.settings.dtype);
    this.metric = this.problem.exact ? "oneStepError" : "slicedWasserstein";
    if (needsLearntTeacher(this.recipe, this.settings))
      this.teacher = new Stage(makeTrainer(teacherRecipe, this.problem, teacherSettings(this.settings)));
    else this.startStudent();
  }

  /**
   * Prepares a training at its start.
   *
   * @throws DomainError about data or settings; Error about a part of the page that did not load
   */
  static async open(training: LaneTraining): Promise<Lane> {
    return new Lane(training, await problemOf(training.data), await recipeOf(training.loss));
  }

  private get recipe() {
    return chosenRecipe(this.published, this.settings);
  }

  private get studentTrainer(): Trainer {
    return makeTrainer(this.recipe, this.problem, this.settings, { teacher: this.teacher?.state.ema.average });
  }

  private startStudent(): void {
    this.student = new Stage(this.studentTrainer);
    this.keep(this.student);
  }

  get done(): number {
    return this.student?.done ?? 0;
  }

  get isFinished(): boolean {
    return this.student?.isFinished ?? false;
  }

  /** Takes an update of the teacher or of the loss. */
  async step(): Promise<void> {
    if (!this.student) {
      await this.teacher!.step();
      if (this.teacher!.isFinished) this.startStudent();
      return;
    }
    this.losses.push(await this.student.step());
    const { done } = this.student;
    if (done % Math.ceil(this.settings.steps / keptStates) === 0 || this.isFinished) this.keep(this.student);
  }

  /** Goes on with another learning rate, other stop-gradients off and other times. */
  change({ learningRate, ...choices }: LaneChange): void {
    const training = { ...this.training, ...choices, settings: { ...this.training.settings, learningRate } };
    this.settings = settingsOf(training, this.problem);
    if (this.student) this.student.trainer = this.studentTrainer;
  }

  private keep({ done, state }: Stage): void {
    const error = this.judge.score(this.metric, this.samplerAt(state)) ?? Number.NaN;
    this.kept.push({ update: done, error, state });
  }

  private samplerAt(state: TrainState<Tree>) {
    const { trainer } = this.student!;
    return samplerOf(trainer.recipe, trainer.network(state));
  }

  /** The newest kept state of at most so many updates; the newest state without a number. */
  private stateAt(update: number | undefined): { update: number; state: TrainState<Tree> } | undefined {
    if (update !== undefined && update < this.done) return this.kept.findLast((kept) => kept.update <= update);
    return this.student && { update: this.student.done, state: this.student.state };
  }

  /** Samples at a kept state, [n, 2]; undefined while the teacher is learnt. */
  samples(update?: number, evaluations = 1): Tensor | undefined {
    const found = this.stateAt(update);
    return found && this.samplerAt(found.state)(this.judge.noise(sampleCount), evaluations);
  }

  /** Errors of a kept state after 1, 2, 4 … steps of its sampler. */
  bySteps(update?: number): readonly StepsMark[] {
    const found = this.stateAt(update);
    if (!found) return [];
    const sampler = this.samplerAt(found.state);
    return judgedSteps.map((evaluations) => ({
      evaluations,
      error: this.judge.score("slicedWasserstein", (noise) => sampler(noise, evaluations)) ?? Number.NaN,
    }));
  }

  /** The contents of a picture of a kept state. */
  scene(update: number | undefined, { show, evaluations, time }: View): Scene {
    const { values: data } = this.problem.heldOut;
    const plane = planeAround(data);
    const found = this.stateAt(update);
    if (!found) return { plane, data };
    if (show === "samples") return { plane, data, samples: this.samples(update, evaluations)?.dataSync() };
    return {
      plane,
      data,
      ...(show === "paths" ? this.paths(found.state, evaluations) : this.field(found.state, plane, time)),
    };
  }

  private paths(state: TrainState<Tree>, evaluations: number): Pick<Scene, "paths" | "exactPaths"> {
    const noise = this.judge.noise(pathCount);
    const points: Tensor[] = [];
    this.samplerAt(state)(noise, evaluations, (x) => points.push(x));
    return { paths: linesThrough(points), exactPaths: this.exactPaths(noise) };
  }

  /** Lines of the exact flow from the noise; undefined where the flow is unknown. They are solved once. */
  private exactPaths(noise: Tensor): number[][] | undefined {
    const { exact } = this.problem;
    if (!exact || this.solvedPaths) return this.solvedPaths;
    let x = noise.cast("float64");
    const points = [x];
    for (let i = 0; i < exactSteps; i++) {
      x = exact.flowMap(x, tensor(i / exactSteps), tensor((i + 1) / exactSteps));
      points.push(x);
    }
    this.solvedPaths = linesThrough(points);
    return this.solvedPaths;
  }

  private field(state: TrainState<Tree>, plane: Plane, time: number): Pick<Scene, "field" | "exactField"> {
    const points = fieldPoints(plane);
    const x = fromData(Float64Array.from(points), [points.length / 2, 2]);
    const { trainer } = this.student!;
    const network = trainer.network(state);
    const velocity = judgedVelocity(trainer.recipe, network);
    const at = tensor(time, { dtype: this.settings.dtype });
    const end = endsAtData(trainer.recipe) ? tensor(1, { dtype: this.settings.dtype }) : at;
    const own = x.cast(this.settings.dtype);
    const vectors = (velocity ? velocity(own, at) : network(own, at, end)).dataSync();
    const exact = this.problem.exact?.velocity(x, tensor(time)).dataSync();
    return { field: { points, vectors }, ...(exact ? { exactField: { points, vectors: exact } } : {}) };
  }

  figures(update?: number): LaneFigures {
    return {
      ...(this.student ? {} : { teacherDone: this.teacher!.done }),
      done: this.done,
      device: (this.student ?? this.teacher)!.trainer.device(),
      loss: this.losses.at(-1),
      metric: metrics[this.metric].title,
      marks: this.kept.map(({ update: at, error }) => ({ update: at, error })),
      shown: this.stateAt(update)?.update ?? 0,
    };
  }
}

/** The lines of all rows through points at successive times. */
function linesThrough(points: readonly Tensor[]): number[][] {
  const values = points.map((x) => x.dataSync());
  return Array.from({ length: points[0].shape[0] }, (_, row) =>
    values.flatMap((each) => [Number(each[2 * row]), Number(each[2 * row + 1])]),
  );
}

/** Settings of a lane as the command would have them: the exact velocity is distilled where the problem knows it. */
function settingsOf(
  { settings, withoutStops, velocity, times, backend }: LaneTraining,
  { exact }: Problem,
): TrainingSettings {
  return parseTrainingSettings({
    ...settings,
    teacherSteps: settings.steps,
    backend,
    ...(times === "uniform" ? {} : { times }),
    ...(exact ? { teacherVelocity: "exact" } : {}),
    ...(velocity ? { velocity } : {}),
    ...(withoutStops.length > 0 ? { withoutStops: [...withoutStops] } : {}),
  });
}

import { type LossName, recipes, teacherRecipe } from "@pushforward/losses";
import type { Tensor, Tree } from "@pushforward/tensor";
import {
  chosenRecipe,
  Judge,
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
import type { LaneFigures, LaneTraining, Mark } from "./messages.ts";
import { problemOf } from "./problemOf.ts";
import { Stage } from "./stage.ts";

/** Kept states of a training, besides its start. */
const keptStates = 40;
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
  private settings: TrainingSettings;
  private readonly teacher: Stage | undefined;
  private student: Stage | undefined;
  private readonly kept: Kept[] = [];

  private constructor(training: LaneTraining, problem: Problem) {
    this.training = training;
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
   * @throws DomainError about data or settings
   */
  static async open(training: LaneTraining): Promise<Lane> {
    return new Lane(training, await problemOf(training.data));
  }

  private get recipe() {
    return chosenRecipe(recipes[this.training.loss as LossName], this.settings);
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

  /** Goes on with another learning rate, and with other stop-gradients off. */
  change(learningRate: number, withoutStops: readonly string[]): void {
    const training = { ...this.training, withoutStops, settings: { ...this.training.settings, learningRate } };
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

  /** Samples in one step at a kept state, [n, 2]; undefined while the teacher is learnt. */
  samples(update?: number): Tensor | undefined {
    const found = this.stateAt(update);
    return found && this.samplerAt(found.state)(this.judge.noise(sampleCount), 1);
  }

  figures(update?: number): LaneFigures {
    return {
      ...(this.student ? {} : { teacherDone: this.teacher!.done }),
      done: this.done,
      loss: this.losses.at(-1),
      metric: metrics[this.metric].title,
      marks: this.kept.map(({ update: at, error }) => ({ update: at, error })),
      shown: this.stateAt(update)?.update ?? 0,
    };
  }
}

/** Settings of a lane as the command would have them: the exact velocity is distilled where the problem knows it. */
function settingsOf({ settings, withoutStops }: LaneTraining, { exact }: Problem): TrainingSettings {
  return parseTrainingSettings({
    ...settings,
    teacherSteps: settings.steps,
    backend: "wasm",
    ...(exact ? { teacherVelocity: "exact" } : {}),
    ...(withoutStops.length > 0 ? { withoutStops: [...withoutStops] } : {}),
  });
}

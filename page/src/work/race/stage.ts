import type { Tree } from "@pushforward/tensor";
import type { StepStart, Trainer, TrainState } from "@pushforward/training";
import { loaded } from "../loaded.ts";

/** A trainer with the state that it has reached. */
export class Stage {
  trainer: Trainer;
  state: TrainState<Tree>;
  /** Updates done. */
  done = 0;
  private before: StepStart<Tree> | undefined;

  constructor(trainer: Trainer) {
    this.trainer = trainer;
    this.state = trainer.initial;
  }

  get isFinished(): boolean {
    return this.done >= this.trainer.settings.steps;
  }

  /**
   * Takes an update.
   *
   * @returns its loss
   * @throws Error that says where the first number came from that is not finite, if the loss is not finite
   */
  async step(): Promise<number> {
    const { trainer, state, done } = this;
    const result = await trainer.step(state, done);
    const start = { state, index: done };
    if (!Number.isFinite(result.loss)) {
      const steps = this.before ? [this.before, start] : [start];
      const fact = `The loss stopped being finite at update ${done + 1}`;
      const { causeOf } = await loaded(`${fact}, and the search for the cause`, import("./causeOf.ts"));
      throw new Error(`${fact}: ${causeOf(trainer, steps)}.`);
    }
    this.before = start;
    this.state = result.state;
    this.done = done + 1;
    return result.loss;
  }
}

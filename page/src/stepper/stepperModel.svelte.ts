import type { StateOwner } from "../linkedState.svelte.ts";
import { type Asker, startAsking } from "../work/ask.svelte.ts";
import { newest } from "../work/newest.ts";
import type { ShownProgram, StepperAnswers } from "../work/stepper/answerStepper.ts";
import { stepperQuestion } from "./stepperQuestion.ts";
import { type FormulaSymbol, own, type StepperState, sceneOf } from "./stepperState.ts";
import { Timeline } from "./timeline.ts";

/** Time that a position is shown while the program plays, in milliseconds. */
const pace = 900;

/** A program and the state that it belongs to. */
interface Answered {
  readonly state: StepperState;
  readonly program: ShownProgram;
  readonly timeline: Timeline;
}

/** The state of the stepper, the program that it shows, and the position in it. */
export class StepperModel implements StateOwner<StepperState> {
  private readonly asker: Asker<StepperAnswers> = startAsking<StepperAnswers>("stepper");
  private readonly isLossName: (name: string) => boolean;
  private timer: ReturnType<typeof setInterval> | undefined;
  private chosen: StepperState = $state.raw(sceneOf(""));
  /** The last program that could be computed. */
  answered: Answered | undefined = $state.raw();
  /** Why the chosen state has no program, in a sentence. */
  problem: string = $state("");
  /** Index of the character at which the formula cannot be read. */
  problemAt: number | undefined = $state();
  isPlaying: boolean = $state(false);

  private readonly compute = newest(
    (state: StepperState) => this.asker.ask("steps", stepperQuestion(state, this.isLossName(state.show))),
    (found, state) => {
      if ("problem" in found) this.fail(found);
      else {
        this.answered = { state, program: found, timeline: new Timeline(found) };
        [this.problem, this.problemAt] = ["", undefined];
      }
    },
    ({ message }) => this.fail({ problem: message }),
  );

  constructor(opened: StepperState, isLossName: (name: string) => boolean) {
    this.isLossName = isLossName;
    this.load(opened);
  }

  private fail({ problem, position }: { problem: string; position?: number }): void {
    this.problem = problem.replace(/^formulaFunction: /, "");
    this.problemAt = position;
  }

  state(): StepperState {
    return this.chosen;
  }

  load(state: StepperState): void {
    this.pause();
    this.chosen = state;
    this.compute(state);
  }

  get isLoss(): boolean {
    return this.isLossName(this.chosen.show);
  }

  /** The position that is shown; undefined while there is no program. */
  get position(): number {
    const { timeline } = this.answered ?? {};
    return timeline ? Math.min(this.chosen.at ?? timeline.first, timeline.last) : 0;
  }

  /** Whether the program is that of the chosen state. */
  get isCurrent(): boolean {
    return this.problem === "" && this.answered !== undefined;
  }

  choose(name: string): void {
    this.load(name === own ? { ...this.chosen, show: own, at: undefined } : sceneOf(name));
  }

  setFormula(formula: string): void {
    this.load({ ...this.chosen, show: own, formula, at: undefined });
  }

  setNumber(of: "point" | "direction", name: FormulaSymbol, value: number): void {
    this.load({ ...this.chosen, [of]: { ...this.chosen[of], [name]: value }, at: undefined });
  }

  setMoved(moved: string): void {
    this.load({ ...this.chosen, moved });
  }

  setStop(label: string, isOn: boolean, all: readonly string[]): void {
    const off = all.filter((each) => (each === label ? !isOn : this.chosen.off.includes(each)));
    this.load({ ...this.chosen, off, at: undefined });
  }

  showPosition(at: number): void {
    const last = this.answered?.timeline.last ?? 0;
    this.chosen = { ...this.chosen, at: Math.max(0, Math.min(last, at)) };
  }

  /** Shows one position after the other, from the start if the end is shown. */
  play(): void {
    const { timeline } = this.answered ?? {};
    if (!timeline || this.isPlaying) return;
    if (this.position >= timeline.last) this.showPosition(0);
    this.isPlaying = true;
    this.timer = setInterval(() => {
      this.showPosition(this.position + 1);
      if (this.position >= timeline.last) this.pause();
    }, pace);
  }

  pause(): void {
    clearInterval(this.timer);
    this.isPlaying = false;
  }

  close(): void {
    this.pause();
    this.asker.close();
  }
}

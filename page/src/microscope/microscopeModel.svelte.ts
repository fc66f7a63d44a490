import type { StateOwner } from "../linkedState.svelte.ts";
import { startAsking } from "../work/ask.ts";
import type { MicroscopeAnswers } from "../work/microscope/answerMicroscope.ts";
import type { ColoredMap, Differences, Prepared, Sight, Spot, Subject } from "../work/microscope/messages.ts";
import { newest } from "../work/newest.ts";
import { type MicroscopeState, mapNames } from "./microscopeState.ts";
import { printTangent } from "./tangentText.ts";

/** Milliseconds without a change after which slow results are asked for. */
const pause = 250;

/** What a microscope shows: its choices, and the answers of its worker to them. */
export class MicroscopeModel implements StateOwner<MicroscopeState> {
  choices = $state.raw<MicroscopeState>() as MicroscopeState;
  prepared = $state.raw<Prepared>();
  sight = $state.raw<Sight>();
  map = $state.raw<ColoredMap>();
  differences = $state.raw<Differences>();
  /** Updates of the network so far. */
  done = $state(0);
  /** What went wrong last, in a sentence. */
  message = $state("");
  /** Questions about maps and differences that are not answered yet. */
  waiting = $state(0);

  private readonly asker = startAsking<MicroscopeAnswers>("microscope");
  private readonly look = newest(
    (spot: Spot) => this.asker.ask("look", spot),
    (sight) => (this.sight = sight),
    (error) => this.fail(error),
  );
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Number of the subject; answers about earlier ones are dropped. */
  private number = 0;
  private isHidden = false;
  /** The choices for which the map and the differences were asked last. */
  private askedMap = "";
  private askedDifferences = "";

  constructor(state: MicroscopeState) {
    this.load(state);
  }

  state(): MicroscopeState {
    return this.choices;
  }

  load(state: MicroscopeState): void {
    this.choices = state;
    void this.prepare();
  }

  /** Changes choices; another subject is prepared anew. */
  change(choices: Partial<MicroscopeState>): void {
    const before = this.subject;
    this.choices = { ...this.choices, ...choices };
    if (JSON.stringify(before) !== JSON.stringify(this.subject)) void this.prepare();
    else this.refresh();
  }

  /** Stops training while the page is hidden. */
  hide(isHidden: boolean): void {
    this.isHidden = isHidden;
    if (!isHidden) void this.train(this.number);
  }

  close(): void {
    clearTimeout(this.timer);
    this.number++;
    this.asker.close();
  }

  /** Whether the network still learns. */
  get isLearning(): boolean {
    return this.done < (this.prepared?.updates ?? 0);
  }

  private get subject(): Subject {
    const { data, loss, model } = this.choices;
    return { data, loss, model };
  }

  private get spot(): Spot {
    const { x, s, t, tangent } = this.choices;
    return { x, s, t, tangent };
  }

  private fail(error: Error): void {
    this.message = error.message;
  }

  private async prepare(): Promise<void> {
    const number = ++this.number;
    [this.message, this.done, this.askedMap, this.askedDifferences] = ["", 0, "", ""];
    [this.map, this.differences] = [undefined, undefined];
    try {
      const prepared = await this.asker.ask("prepare", this.subject);
      if (number !== this.number) return;
      this.prepared = prepared;
      this.refresh();
      await this.train(number);
    } catch (error) {
      if (number === this.number) this.fail(error as Error);
    }
  }

  /** Lets the network learn to its last update, some updates at a time. */
  private async train(number: number): Promise<void> {
    try {
      while (number === this.number && this.isLearning && !this.isHidden) {
        const done = await this.asker.ask("advance", undefined);
        if (number !== this.number) return;
        this.done = done;
        this.refresh();
      }
    } catch (error) {
      if (number === this.number) this.fail(error as Error);
    }
  }

  /** Asks for the vectors now, and for maps and differences as soon as nothing changes any more. */
  private refresh(): void {
    if (!this.prepared) return;
    this.look(this.spot);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.askSlowly(), pause);
  }

  private askSlowly(): void {
    if (this.isLearning) return;
    const { map, tangent } = this.choices;
    const wanted = `${map} ${printTangent(tangent)}`;
    if (wanted !== this.askedMap) {
      this.askedMap = wanted;
      void this.answer(this.asker.ask("map", { name: mapNames[map], tangent }), (found) => {
        if (this.askedMap === wanted) this.map = found;
      });
    }
    const spot = JSON.stringify(this.spot);
    if (spot === this.askedDifferences) return;
    this.askedDifferences = spot;
    void this.answer(this.asker.ask("differences", this.spot), (found) => {
      if (this.askedDifferences === spot) this.differences = found;
    });
  }

  private async answer<Result>(asked: Promise<Result>, take: (result: Result) => void): Promise<void> {
    const { number } = this;
    this.waiting++;
    try {
      const result = await asked;
      if (number === this.number) take(result);
    } catch (error) {
      if (number === this.number) this.fail(error as Error);
    }
    this.waiting--;
  }
}

import { LearningModel } from "../learningModel.svelte.ts";
import { startAsking } from "../work/ask.svelte.ts";
import type { MicroscopeAnswers } from "../work/microscope/answerMicroscope.ts";
import type {
  ColoredMap,
  Differences,
  FirstOrder,
  Prepared,
  Sight,
  Spot,
  Subject,
} from "../work/microscope/messages.ts";
import { newest } from "../work/newest.ts";
import { type MicroscopeState, mapNames } from "./microscopeState.ts";
import { printTangent } from "./tangentText.ts";

/** Milliseconds without a change after which slow results are asked for. */
const pause = 250;

/** A microscope: its choices, and the answers of its worker to them. */
export class MicroscopeModel extends LearningModel<MicroscopeState, Subject, Prepared> {
  sight = $state.raw<Sight>();
  /** Whether the vectors are those of the present subject. */
  isSightCurrent = $state(false);
  map = $state.raw<ColoredMap>();
  differences = $state.raw<Differences>();
  /** Questions about maps and differences that are not answered yet. */
  waiting = $state(0);

  private readonly asker = startAsking<MicroscopeAnswers>("microscope");
  private readonly look = newest(
    ({ spot }: { readonly spot: Spot; readonly number: number }) => this.asker.ask("look", spot),
    (sight, { number }) => {
      this.sight = sight;
      this.isSightCurrent = number === this.number;
    },
    (error) => this.fail(error),
  );
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** The choices for which the map and the differences were asked last. */
  private askedMap = "";
  private askedDifferences = "";

  protected readonly teacher = {
    prepare: (subject: Subject) => this.asker.ask("prepare", subject),
    advance: () => this.asker.ask("advance", undefined),
  };

  constructor(state: MicroscopeState) {
    super();
    this.load(state);
  }

  override close(): void {
    clearTimeout(this.timer);
    super.close();
    this.asker.close();
  }

  protected get subject(): Subject {
    const { data, loss, model } = this.choices;
    return { data, loss, model };
  }

  private get spot(): Spot {
    const { x, s, t, tangent } = this.choices;
    return { x, s, t, tangent };
  }

  /** The average velocity to first order around the point. */
  firstOrder(): Promise<FirstOrder> {
    return this.asker.ask("firstOrder", this.spot);
  }

  protected override forget(): void {
    [this.askedMap, this.askedDifferences] = ["", ""];
    [this.map, this.differences] = [undefined, undefined];
    this.isSightCurrent = false;
  }

  /** Asks for the vectors now, and for maps and differences as soon as nothing changes any more. */
  protected refresh(): void {
    if (!this.prepared) return;
    this.look({ spot: this.spot, number: this.number });
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

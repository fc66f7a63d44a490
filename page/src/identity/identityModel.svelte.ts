import type { StateOwner } from "../linkedState.svelte.ts";
import { startAsking } from "../work/ask.ts";
import type { IdentityAnswers } from "../work/identity/answerIdentity.ts";
import type { BenchSight, BenchSpot, PreparedBench } from "../work/identity/messages.ts";
import { newest } from "../work/newest.ts";
import type { BenchSubject, IdentityState } from "./identityState.ts";

/** What a bench shows: its choices, and the answers of its worker to them. */
export class IdentityModel implements StateOwner<IdentityState> {
  choices = $state.raw<IdentityState>() as IdentityState;
  prepared = $state.raw<PreparedBench>();
  sight = $state.raw<BenchSight>();
  /** The choices that the sight belongs to, as a text. */
  seen = $state("");
  /** Updates of the map so far. */
  done = $state(0);
  /** What went wrong last, in a sentence. */
  message = $state("");

  private readonly asker = startAsking<IdentityAnswers>("identity");
  private readonly look = newest(
    ({ spot }: { spot: BenchSpot; seen: string }) => this.asker.ask("look", spot),
    (sight, { seen }) => {
      this.sight = sight;
      this.seen = seen;
    },
    (error) => this.fail(error),
  );
  /** Number of the subject; answers about earlier ones are dropped. */
  private number = 0;
  private isHidden = false;

  constructor(state: IdentityState) {
    this.load(state);
  }

  state(): IdentityState {
    return this.choices;
  }

  load(state: IdentityState): void {
    this.choices = state;
    void this.prepare();
  }

  /** Changes choices; another map or velocity is prepared anew. */
  change(choices: Partial<IdentityState>): void {
    const before = JSON.stringify(this.subject);
    this.choices = { ...this.choices, ...choices };
    if (before !== JSON.stringify(this.subject)) void this.prepare();
    else this.refresh();
  }

  /** Stops training while the page is hidden. */
  hide(isHidden: boolean): void {
    this.isHidden = isHidden;
    if (!isHidden) void this.train(this.number);
  }

  close(): void {
    this.number++;
    this.asker.close();
  }

  /** Whether the map still learns. */
  get isLearning(): boolean {
    return this.done < (this.prepared?.updates ?? 0);
  }

  /** Whether the sight belongs to the choices and the last update. */
  get isSettled(): boolean {
    return !this.isLearning && this.seen === this.wanted;
  }

  private get wanted(): string {
    return JSON.stringify([this.subject, this.spot, this.done]);
  }

  private get subject(): BenchSubject {
    const { map, seed, updates, velocity, field } = this.choices;
    return { map, seed, updates, velocity, field };
  }

  private get spot(): BenchSpot {
    const { x, s, t } = this.choices;
    return { x, s, t };
  }

  private fail(error: Error): void {
    this.message = error.message;
  }

  private async prepare(): Promise<void> {
    const number = ++this.number;
    [this.message, this.done] = ["", 0];
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

  /** Lets the map learn to its last update, some updates at a time. */
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

  private refresh(): void {
    if (this.prepared) this.look({ spot: this.spot, seen: this.wanted });
  }
}

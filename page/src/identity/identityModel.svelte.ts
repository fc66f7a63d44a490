import { LearningModel } from "../learningModel.svelte.ts";
import { startAsking } from "../work/ask.svelte.ts";
import type { IdentityAnswers } from "../work/identity/answerIdentity.ts";
import type { BenchSight, BenchSpot, PreparedBench } from "../work/identity/messages.ts";
import { newest } from "../work/newest.ts";
import type { BenchSubject, IdentityState } from "./identityState.ts";

/** A bench: its choices, and the answers of its worker to them. */
export class IdentityModel extends LearningModel<IdentityState, BenchSubject, PreparedBench> {
  sight = $state.raw<BenchSight>();
  /** The choices that the sight belongs to, as a text. */
  seen = $state("");

  private readonly asker = startAsking<IdentityAnswers>("identity");
  private readonly look = newest(
    ({ spot }: { spot: BenchSpot; seen: string }) => this.asker.ask("look", spot),
    (sight, { seen }) => {
      this.sight = sight;
      this.seen = seen;
    },
    (error) => this.fail(error),
  );
  protected readonly teacher = {
    prepare: (subject: BenchSubject) => this.asker.ask("prepare", subject),
    advance: () => this.asker.ask("advance", undefined),
  };

  constructor(state: IdentityState) {
    super();
    this.load(state);
  }

  override close(): void {
    super.close();
    this.asker.close();
  }

  /** Whether the sight belongs to the choices and the last update. */
  get isSettled(): boolean {
    return !this.isLearning && this.seen === this.wanted;
  }

  private get wanted(): string {
    return JSON.stringify([this.subject, this.spot, this.done]);
  }

  protected get subject(): BenchSubject {
    const { map, seed, updates, velocity, field } = this.choices;
    return { map, seed, updates, velocity, field };
  }

  private get spot(): BenchSpot {
    const { x, s, t } = this.choices;
    return { x, s, t };
  }

  protected refresh(): void {
    if (this.prepared) this.look({ spot: this.spot, seen: this.wanted });
  }
}

import type { StateOwner } from "./linkedState.svelte.ts";

/** A subject as its worker has prepared it. */
interface PreparedSubject {
  /** Updates that its network learns for; 0 where nothing is learnt. */
  readonly updates: number;
}

/** Functions of the worker of a subject that learns. */
interface Teacher<Subject, Prepared> {
  prepare(subject: Subject): Promise<Prepared>;
  /** Takes some updates; their number so far. */
  advance(): Promise<number>;
}

/**
 * The choices of a pane whose worker prepares a subject and lets a network learn, some updates at a time. Another subject is prepared
 * anew, and answers about earlier ones are dropped.
 */
export abstract class LearningModel<State, Subject, Prepared extends PreparedSubject> implements StateOwner<State> {
  choices = $state.raw<State>() as State;
  prepared = $state.raw<Prepared>();
  /** Updates so far. */
  done = $state(0);
  /** The last error, in a sentence. */
  message = $state("");
  /** Number of the subject. */
  protected number = 0;
  private isHidden = false;

  protected abstract readonly teacher: Teacher<Subject, Prepared>;
  /** The part of the choices that the worker prepares. */
  protected abstract get subject(): Subject;
  /** Asks for everything that follows from choices and updates. */
  protected abstract refresh(): void;
  /** Forgets the results of another subject. */
  protected forget(): void {}

  state(): State {
    return this.choices;
  }

  load(state: State): void {
    this.choices = state;
    void this.prepare();
  }

  /** Changes choices. */
  change(choices: Partial<State>): void {
    const before = JSON.stringify(this.subject);
    this.choices = { ...this.choices, ...choices };
    if (before !== JSON.stringify(this.subject)) void this.prepare();
    else this.refresh();
  }

  /** Stops learning while the page is hidden. */
  hide(isHidden: boolean): void {
    this.isHidden = isHidden;
    if (!isHidden) void this.learn(this.number);
  }

  close(): void {
    this.number++;
  }

  /** Whether the network still learns. */
  get isLearning(): boolean {
    return this.done < (this.prepared?.updates ?? 0);
  }

  protected fail(error: Error): void {
    this.message = error.message;
  }

  private async prepare(): Promise<void> {
    const number = ++this.number;
    [this.message, this.done] = ["", 0];
    this.forget();
    try {
      const prepared = await this.teacher.prepare(this.subject);
      if (number !== this.number) return;
      this.prepared = prepared;
      this.refresh();
      await this.learn(number);
    } catch (error) {
      if (number === this.number) this.fail(error as Error);
    }
  }

  private async learn(number: number): Promise<void> {
    try {
      while (number === this.number && this.isLearning && !this.isHidden) {
        const done = await this.teacher.advance();
        if (number !== this.number) return;
        this.done = done;
        this.refresh();
      }
    } catch (error) {
      if (number === this.number) this.fail(error as Error);
    }
  }
}

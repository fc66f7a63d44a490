import type { LawReport } from "@pushforward/verify";
import { SvelteMap } from "svelte/reactivity";
import { type Client, startClient } from "../work/client.ts";
import type { LawNews, LawRun } from "../work/laws/answerLaws.ts";

/** The reports of the laws that were run, and the run that goes on in a worker of its own. */
export class LawRuns {
  readonly reports = new SvelteMap<string, LawReport>();
  progress = $state.raw<{ readonly law: string; readonly done: number; readonly total: number }>();
  isRunning = $state(false);
  /** The last event, in a sentence. */
  news = $state("");
  private client: Client<LawRun> | undefined;
  /** Seed of the reports. */
  private seed = 0;

  /** Starts a run; an earlier one ends, and reports of another seed go. */
  start(run: LawRun): void {
    this.stop();
    this.news = "";
    this.isRunning = true;
    if (run.seed !== this.seed) this.reports.clear();
    this.seed = run.seed;
    for (const name of run.only) this.reports.delete(name);
    this.client = startClient<LawRun, LawNews>("laws", {
      onMessage: (message) => this.hear(message),
      onFailure: (sentence) => this.end(sentence),
    });
    this.client.send(run);
  }

  /** Ends the run by ending its worker. */
  stop(): void {
    if (this.isRunning) this.end("The run was stopped.");
  }

  private hear(message: LawNews): void {
    if (message.kind === "progress") this.progress = message;
    else if (message.kind === "report") this.reports.set(message.report.name, message.report);
    else this.end(message.problem || "The run is finished.");
  }

  private end(news: string): void {
    this.client?.close();
    this.client = undefined;
    [this.isRunning, this.progress, this.news] = [false, undefined, news];
  }
}

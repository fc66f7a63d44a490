import type { Answers, Request } from "../worker/protocol.ts";

/** One that is measured. */
export interface Competitor {
  /** As it stands in the tables. */
  readonly name: string;
  /** Why it cannot run here. */
  readonly absent?: string;
}

/** Whoever answers for a competitor, one request at a time. */
export interface Answering {
  /**
   * @param limit ms after which there will be no answer any more
   * @throws Error with what went wrong
   */
  ask<T extends Request["type"]>(request: Extract<Request, { type: T }>, limit: number): Promise<Answers[T]>;
}

/** Where competitors run, each started when it is first asked something. */
export interface Pool<C extends Competitor> {
  get(competitor: C): Answering;
  stop(competitor: C): Promise<void>;
  stopAll(): Promise<void>;
}

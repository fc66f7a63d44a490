import type { Answers, Request } from "../worker/protocol.ts";

/** An implementation that is measured. */
export interface Competitor {
  /** Name in the tables. */
  readonly name: string;
  /** Why it cannot run on this machine. */
  readonly absent?: string;
}

/** Answers the requests to a competitor, one at a time. */
export interface Answering {
  /**
   * @param limit longest time to wait for the answer, in ms
   * @throws Error with the message of the competitor
   */
  ask<T extends Request["type"]>(request: Extract<Request, { type: T }>, limit: number): Promise<Answers[T]>;
}

/** The running competitors, each started at its first request. */
export interface Pool<C extends Competitor> {
  get(competitor: C): Answering;
  stop(competitor: C): Promise<void>;
  stopAll(): Promise<void>;
}

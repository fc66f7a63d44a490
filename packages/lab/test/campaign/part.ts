import type { Random } from "./random.ts";

/** Observations, counted by name. */
export type Counts = Readonly<Record<string, number>>;

/** A part of the campaign: the same kind of trial with new random choices, until the time is used up. */
export interface Part<Setup = unknown> {
  readonly name: string;
  /** A sentence about the actions of a trial and the condition that must hold. */
  readonly what: string;
  /** Its share of the campaign's time beside the others; default 1. Trials that start processes need more. */
  readonly share?: number;
  /** Why the part cannot run on this machine; undefined if it can. */
  readonly obstacle?: () => string | undefined;
  /**
   * Makes what all trials share.
   *
   * @param folder an empty folder that is removed after the part
   */
  readonly setUp: (folder: string) => Promise<Setup>;
  /**
   * One trial.
   *
   * @param folder an empty folder that is removed after the trial
   * @throws an error that says what did not hold
   */
  readonly trial: (setup: Setup, random: Random, folder: string) => Promise<Counts>;
}

/** Keeps the type of a part's setup to the part. */
export const definePart = <Setup>(part: Part<Setup>): Part => part as Part;

/** Fails a trial unless something holds. */
export function hold(condition: boolean, what: () => string): asserts condition {
  if (!condition) throw new Error(what());
}

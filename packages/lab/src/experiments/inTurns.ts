import { setImmediate as nextTurn } from "node:timers/promises";

/** Applies a function to each item, with a turn of the event loop before each call, so that signals are handled in between. */
export async function inTurns<Item, Result>(items: readonly Item[], of: (item: Item) => Result): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) {
    await nextTurn();
    results.push(of(item));
  }
  return results;
}

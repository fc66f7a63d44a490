import type { Prepared } from "./implementation.ts";
import type { Answers, Request } from "./protocol.ts";

/** Prepares a task, calls it, and returns the result of each call; the time counts until the end of the first call. */
export async function firstCalls(
  prepare: () => Prepared | Promise<Prepared>,
  calls: number,
): Promise<{ prepared: Prepared; answer: Answers["prepare"] }> {
  const started = performance.now();
  const prepared = await prepare();
  await prepared.call();
  const first = performance.now() - started;
  const values = [await prepared.value()];
  for (let i = 1; i < calls; i++) {
    await prepared.call();
    values.push(await prepared.value());
  }
  return { prepared, answer: { first, values } };
}

/** Ms of the task in each call, until the budget is spent. */
export async function timedCalls(
  prepared: Prepared,
  { budget, calls, untimed }: Extract<Request, { type: "run" }>,
): Promise<number[]> {
  for (let i = 0; i < untimed; i++) await prepared.call();
  const times: number[] = [];
  const started = performance.now();
  while (times.length < calls || performance.now() - started < budget) {
    const start = performance.now();
    await prepared.call();
    times.push((performance.now() - start) / (prepared.repeats ?? 1));
  }
  return times;
}

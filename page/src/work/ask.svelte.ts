import { startClient } from "./client.ts";
import type { WorkerName } from "./workers.ts";

/** Functions of a worker by name, each of one input that can be copied to the worker. */
export type Answers = Readonly<Record<string, (input: never) => unknown>>;

type InputOf<Known extends Answers, Name extends keyof Known> = Parameters<Known[Name]>[0];
type ResultOf<Known extends Answers, Name extends keyof Known> = Awaited<ReturnType<Known[Name]>>;

/** A question to a worker. */
export interface Question {
  readonly number: number;
  readonly name: string;
  readonly input: unknown;
}

/** The answer to the question of a number: its result, or a sentence that says why it has none. */
export type Reply =
  | { readonly number: number; readonly result: unknown }
  | { readonly number: number; readonly problem: string };

/** A worker whose functions are called as if they were here. */
export interface Asker<Known extends Answers> {
  /**
   * Calls a function of the worker.
   *
   * @throws Error with the sentence of the worker
   */
  ask<Name extends keyof Known & string>(name: Name, input: InputOf<Known, Name>): Promise<ResultOf<Known, Name>>;
  close(): void;
}

/** The two ways of settling a promise. */
interface Settle {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** Starts a worker whose script answers questions, see `answerQuestions.ts`. */
export function startAsking<Known extends Answers>(name: WorkerName): Asker<Known> {
  const waiting = new Map<number, Settle>();
  const client = startClient<Question, Reply>(name, {
    onMessage(reply) {
      const settle = waiting.get(reply.number);
      waiting.delete(reply.number);
      if ("problem" in reply) settle?.reject(new Error(reply.problem));
      else settle?.resolve(reply.result);
    },
    onFailure(sentence) {
      for (const { reject } of waiting.values()) reject(new Error(sentence));
      waiting.clear();
    },
  });
  let number = 0;
  return {
    ask: (name, input) =>
      new Promise((resolve, reject) => {
        waiting.set(++number, { resolve: resolve as Settle["resolve"], reject });
        // A state of Svelte is a proxy, which cannot be copied to a worker.
        client.send({ number, name, input: $state.snapshot(input) });
      }),
    close: () => client.close(),
  };
}

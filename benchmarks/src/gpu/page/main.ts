import { type Inputs, inputsOf } from "../../tasks/inputs.ts";
import type { Task } from "../../tasks/task.ts";
import type { Prepared } from "../../worker/implementation.ts";
import { firstCalls, timedCalls } from "../../worker/measure.ts";
import type { Answers, Request } from "../../worker/protocol.ts";
import type { PageCompetitor } from "../competitors.ts";
import { describe, prepare } from "./implementations.ts";

/*
 * A page for all competitors. It answers requests, as a worker's process does.
 */

const prepared = new Map<string, Prepared>();

/** Arrays of the present task: all competitors get the same arrays. */
let drawn: { readonly task: string; readonly inputs: Inputs } | undefined;

function draw(task: Task): Inputs {
  const text = JSON.stringify(task);
  if (drawn?.task !== text) drawn = { task: text, inputs: inputsOf(task) };
  return drawn.inputs;
}

async function answer(competitor: PageCompetitor, request: Request): Promise<Answers[keyof Answers]> {
  if (request.type === "describe") return describe(competitor);
  if (request.type === "prepare") {
    const { task, calls } = request;
    const inputs = draw(task);
    const made = await firstCalls(() => prepare(competitor, task, inputs), calls);
    prepared.set(competitor.name, made.prepared);
    return made.answer;
  }
  const own = prepared.get(competitor.name);
  if (!own) throw new Error(`${request.type}: nothing is prepared`);
  // A page cannot measure its processor time.
  if (request.type === "run") return { times: await timedCalls(own, request), cpu: 0 };
  return { figures: own.figures?.(request.withMemory) ?? {} };
}

/** Answers a request. The answer contains the text of an error, to distinguish errors from a crash of the page. */
async function askPage(
  competitor: PageCompetitor,
  request: Request,
): Promise<Answers[keyof Answers] | { readonly error: string }> {
  try {
    return await answer(competitor, request);
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

Object.assign(globalThis, { askPage });

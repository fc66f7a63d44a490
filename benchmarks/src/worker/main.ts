import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { type Inputs, inputsOf } from "../tasks/inputs.ts";
import type { ImplementationOptions, Prepared } from "./implementation.ts";
import { loadImplementation } from "./implementations/index.ts";
import { firstCalls, timedCalls } from "./measure.ts";
import { type Answers, answerPrefix, type Request, type SharedArrays } from "./protocol.ts";

/*
 * A process for one implementation: `node main.js <name or URL> <options as JSON>`. It answers requests, line by line.
 */

/** Reads the arrays of a task from the file that all implementations share. */
function readInputs({ file, places }: SharedArrays): Inputs {
  const bytes = readFileSync(file);
  const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);
  return Object.fromEntries(
    places.map(({ name, shape, offset }) => {
      const start = bytes.byteOffset + 4 * offset;
      return [name, { shape, data: new Float32Array(bytes.buffer.slice(start, start + 4 * sizeOf(shape))) }];
    }),
  );
}

/** Times calls, and the processor time of the whole process. */
async function run(prepared: Prepared, request: Extract<Request, { type: "run" }>): Promise<Answers["run"]> {
  const before = process.cpuUsage();
  const times = await timedCalls(prepared, request);
  const { user, system } = process.cpuUsage(before);
  return { times, cpu: (user + system) / 1000 };
}

const [name, options] = [process.argv[2], JSON.parse(process.argv[3] ?? "{}") as ImplementationOptions];
const implementation = await loadImplementation(name);
let prepared: Prepared | undefined;

async function answer(request: Request): Promise<Answers[keyof Answers]> {
  if (request.type === "describe") return { description: await implementation.describe() };
  if (request.type === "prepare") {
    const { task, arrays, calls } = request;
    const inputs = arrays ? readInputs(arrays) : inputsOf(task);
    const made = await firstCalls(() => implementation.prepare(task, inputs, options), calls);
    prepared = made.prepared;
    return made.answer;
  }
  if (!prepared) throw new Error(`${request.type}: nothing is prepared`);
  if (request.type === "run") return run(prepared, request);
  const peakBytes = process.resourceUsage().maxRSS * 1024; // before `figures`, which may need memory itself
  return { figures: { ...prepared.figures?.(request.withMemory), ...(request.withMemory && { peakBytes }) } };
}

for await (const line of createInterface({ input: process.stdin })) {
  const reply = await answer(JSON.parse(line) as Request).catch((error: unknown) => ({
    error: error instanceof Error ? error.message : String(error),
  }));
  process.stdout.write(`${answerPrefix}${JSON.stringify(reply)}\n`);
}
process.exit(); // ends threads of libraries too

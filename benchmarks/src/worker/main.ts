import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Inputs } from "../tasks/inputs.ts";
import type { Implementation, ImplementationOptions, Prepared } from "./implementation.ts";
import { loadImplementation } from "./implementations/index.ts";
import { type Answers, answerPrefix, type InputPlace, type Request } from "./protocol.ts";

/*
 * A process for one implementation: `node main.js <name or URL> <options as JSON>`. It does what it is asked, line by line.
 */

/** Reads the arrays of a task from the file that all implementations share. */
function readInputs(file: string, places: readonly InputPlace[]): Inputs {
  const bytes = readFileSync(file);
  const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);
  return Object.fromEntries(
    places.map(({ name, shape, offset }) => {
      const start = bytes.byteOffset + 4 * offset;
      return [name, { shape, data: new Float32Array(bytes.buffer.slice(start, start + 4 * sizeOf(shape))) }];
    }),
  );
}

async function prepare(
  implementation: Implementation,
  options: ImplementationOptions,
  { task, file, inputs, calls }: Extract<Request, { type: "prepare" }>,
): Promise<{ prepared: Prepared; answer: Answers["prepare"] }> {
  const arrays = readInputs(file, inputs);
  const started = performance.now();
  const prepared = await implementation.prepare(task, arrays, options);
  await prepared.call();
  const first = performance.now() - started;
  const values = [await prepared.value()];
  for (let i = 1; i < calls; i++) {
    await prepared.call();
    values.push(await prepared.value());
  }
  return { prepared, answer: { first, values } };
}

async function run(
  prepared: Prepared,
  { budget, calls, untimed }: Extract<Request, { type: "run" }>,
): Promise<Answers["run"]> {
  const before = process.cpuUsage();
  for (let i = 0; i < untimed; i++) await prepared.call();
  const times: number[] = [];
  const started = performance.now();
  while (times.length < calls || performance.now() - started < budget) {
    const start = performance.now();
    await prepared.call();
    times.push(performance.now() - start);
  }
  const { user, system } = process.cpuUsage(before);
  return { times, cpu: (user + system) / 1000 };
}

const [name, options] = [process.argv[2], JSON.parse(process.argv[3] ?? "{}") as ImplementationOptions];
const implementation = await loadImplementation(name);
let prepared: Prepared | undefined;

async function answer(request: Request): Promise<Answers[keyof Answers]> {
  if (request.type === "describe") return { description: await implementation.describe() };
  if (request.type === "prepare") {
    const made = await prepare(implementation, options, request);
    prepared = made.prepared;
    return made.answer;
  }
  if (!prepared) throw new Error(`${request.type}: nothing is prepared`);
  if (request.type === "run") return run(prepared, request);
  const peakBytes = process.resourceUsage().maxRSS * 1024; // before figures, which may need memory themselves
  return { figures: { ...prepared.figures?.(request.withMemory), ...(request.withMemory && { peakBytes }) } };
}

for await (const line of createInterface({ input: process.stdin })) {
  const reply = await answer(JSON.parse(line) as Request).catch((error: unknown) => ({
    error: error instanceof Error ? error.message : String(error),
  }));
  process.stdout.write(`${answerPrefix}${JSON.stringify(reply)}\n`);
}
process.exit(); // whatever threads a library still keeps

/*
 * A worker of the thread pool, in Node and in browsers. It knows programs by number, claims chunks of the launch that is
 * published in the control words, spins a while for the next launch and then sleeps.
 */
import { claim, finish, firstWorkItem, launchOf, words } from "./claim.js";

/**
 * A launch whose work items may be shared.
 *
 * @typedef {{ name: string, workItems: number, chunks: number }} SharedLaunch
 */

/**
 * Messages from the owner of the pool: the control words first, then programs that are added and removed.
 *
 * @typedef {{ add: number, module: object, memory: { buffer: SharedArrayBuffer }, launches: SharedLaunch[] }} Program
 * @typedef {{ control: Int32Array, mail: number, index: number, programs: Program[] } | Program | { forget: number }} Message
 */

/** Rounds of looking before a worker sleeps. */
const spins = 3000;

/** Longest sleep in ms, after which a worker looks for new messages. */
const nap = 100;

const scope = /** @type {any} */ (globalThis);
const port = scope.process?.getBuiltinModule?.("node:worker_threads").parentPort ?? scope;

/** @type {Message[]} */
const inbox = [];
let wake = () => {};
port.onmessage = (/** @type {{ data: Message }} */ { data }) => {
  inbox.push(data);
  wake();
};

/** @returns {Promise<Message>} */
async function nextMessage() {
  while (inbox.length === 0) {
    await new Promise((resolve) => {
      wake = () => resolve(undefined);
    });
  }
  return /** @type {Message} */ (inbox.shift());
}

/**
 * Programs by number, each with as many unshared bytes as its memory has, which are never written to and cost no memory: an engine
 * does not count shared memory when it decides to collect garbage, and a worker creates no other garbage.
 *
 * @type {Map<number, { runners: ((chunk: number) => void)[], counted: ArrayBuffer | undefined }>}
 */
const programs = new Map();

/** @param {number} bytes */
function count(bytes) {
  try {
    return new ArrayBuffer(bytes);
  } catch {
    return undefined;
  }
}

/** @param {Message} message */
function handle(message) {
  if ("forget" in message) programs.delete(message.forget);
  if (!("add" in message)) return;
  const { add, module, memory, launches } = message;
  const { exports } = new scope.WebAssembly.Instance(module, { env: { memory }, host: Math });
  const runners = launches.map(({ name, workItems, chunks }) => (/** @type {number} */ chunk) => {
    exports[name](firstWorkItem(workItems, chunks, chunk), firstWorkItem(workItems, chunks, chunk + 1), chunk);
  });
  programs.set(add, { runners, counted: count(memory.buffer.byteLength) });
}

/**
 * Waits until another launch is published or mail has come.
 *
 * @param {Int32Array} control
 * @param {number} last
 * @param {number} mail
 */
function pause(control, last, mail) {
  const isOver = () =>
    launchOf(Atomics.load(control, words.tag)) !== last || Atomics.load(control, words.mail) !== mail;
  for (let i = 0; i < spins; i++) if (isOver()) return;
  Atomics.add(control, words.sleeping, 1);
  const tag = Atomics.load(control, words.tag);
  if (launchOf(tag) === last) Atomics.wait(control, words.tag, tag, nap);
  Atomics.sub(control, words.sleeping, 1);
}

async function serve() {
  const first = await nextMessage();
  if (!("control" in first)) throw new Error("worker: the first message must carry the control words");
  const { control, index } = first;
  let { mail } = first;
  first.programs.forEach(handle);
  const readMail = async () => {
    while (mail !== Atomics.load(control, words.mail)) {
      handle(await nextMessage());
      mail = (mail + 1) | 0;
    }
  };
  /** @param {number} chunk */
  const runChunk = async (chunk) => {
    const program = Atomics.load(control, words.program);
    // Its mail was sent before it was published.
    if (!programs.has(program)) await readMail();
    finish(control, () => {
      const known = programs.get(program);
      if (!known) throw new Error("worker: a launch must be of a program that was sent before");
      known.runners[Atomics.load(control, words.launch)](chunk);
    });
  };
  Atomics.add(control, words.ready, 1);
  let last = -1;
  for (;;) {
    if (mail !== Atomics.load(control, words.mail)) await readMail();
    const next = launchOf(Atomics.load(control, words.tag));
    if (next === last) pause(control, last, mail);
    else if (index >= Atomics.load(control, words.limit)) last = next;
    else {
      const { launch, chunk } = claim(control);
      if (chunk >= 0) await runChunk(chunk);
      else last = launch;
    }
  }
}

// Browsers do not report a rejected promise as an error of the worker: its owner would not see it.
serve().catch((error) => {
  setTimeout(() => {
    throw error;
  });
});

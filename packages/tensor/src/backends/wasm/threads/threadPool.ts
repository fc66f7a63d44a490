import { BackendError } from "../../../array/errors.ts";
import type { WasmMemory } from "../webAssembly.ts";
import { claim, finish, maxThreads, tagOf, words } from "./claim.js";
import { startWorker, type WorkerHandle } from "./startWorker.ts";

/** A launch whose work items may be shared between threads: chunks do not depend on how many there are. */
export interface SharedLaunch {
  readonly name: string;
  readonly workItems: number;
  readonly chunks: number;
}

/** The part of a program that workers need. */
export interface SharedProgram {
  readonly module: object;
  readonly memory: WasmMemory;
  readonly launches: readonly SharedLaunch[];
}

const newControl = (): Int32Array<SharedArrayBuffer> => new Int32Array(new SharedArrayBuffer(4 * words.count));

/**
 * Rounds of waiting between two looks at the clock, and the most ms between the looks while the owner runs: a longer gap means that
 * the process was stopped.
 */
const [turnsPerLook, longestLook] = [4096, 20];

/** Options of a thread pool. */
export interface ThreadPoolOptions {
  /** ms of looking without progress after which a claimed chunk counts as lost; default 20,000. */
  readonly timeout?: number;
  /** Starts a worker; default the environment's. */
  readonly start?: typeof startWorker;
}

/**
 * Workers that share the launches of compiled programs with the thread that owns the pool.
 *
 * A launch is published by one store; its chunks are claimed by atomic adds, by the owner too, so that a worker that does not
 * get a core delays nothing but the chunk it has begun.
 */
export class ThreadPool {
  private readonly control = newControl();
  private readonly workers: WorkerHandle[] = [];
  private readonly programs = new Map<number, SharedProgram>();
  private readonly timeout: number;
  private readonly start: typeof startWorker;
  private sequence = 0;
  private nextProgram = 1;
  private isLost = false;

  constructor({ timeout = 20_000, start = startWorker }: ThreadPoolOptions = {}) {
    this.timeout = timeout;
    this.start = start;
  }

  /** Threads that take part now, the owner included: workers need a moment to start. */
  get threads(): number {
    return 1 + (this.isLost ? 0 : Atomics.load(this.control, words.ready));
  }

  /** Starts workers until there are `threads` threads, the owner included. */
  grow(threads: number): void {
    while (!this.isLost && this.workers.length + 1 < Math.min(threads, maxThreads)) {
      const worker = this.tryToStart();
      if (!worker) return;
      const index = this.workers.push(worker);
      const programs = [...this.programs].map(([add, program]) => ({ add, ...program }));
      worker.post({ control: this.control, mail: this.control[words.mail], index, programs });
    }
  }

  /** Makes a program known to all workers. */
  add(program: SharedProgram): number {
    const id = this.nextProgram++;
    // A pool without workers has no recipient.
    if (this.isLost) return id;
    this.programs.set(id, program);
    this.send({ add: id, ...program });
    return id;
  }

  /** Lets workers free a program's memory. */
  forget(id: number): void {
    if (this.programs.delete(id)) this.send({ forget: id });
  }

  /**
   * Runs a launch's chunks on up to `threads` threads and returns when all are done.
   *
   * @param run runs a chunk on the owner's thread
   * @throws BackendError if a chunk failed, or if a worker claimed one and does not finish it
   */
  run(program: number, launch: number, { chunks }: SharedLaunch, threads: number, run: (chunk: number) => void): void {
    const { control } = this;
    if (this.isLost) {
      // Nothing is published: workers that have not ended yet know no program that came after the pool was closed.
      for (let chunk = 0; chunk < chunks; chunk++) run(chunk);
      return;
    }
    Atomics.store(control, words.program, program);
    Atomics.store(control, words.launch, launch);
    Atomics.store(control, words.limit, threads);
    Atomics.store(control, words.done, 0);
    this.sequence = (this.sequence + 1) & 0xffff;
    Atomics.store(control, words.tag, tagOf(this.sequence, chunks));
    if (Atomics.load(control, words.sleeping) > 0) Atomics.notify(control, words.tag);
    for (let { chunk } = claim(control); chunk >= 0; { chunk } = claim(control)) {
      const claimed = chunk;
      finish(control, () => run(claimed));
    }
    this.awaitDone(chunks);
    if (Atomics.exchange(control, words.failed, 0) !== 0) {
      throw new BackendError("compile: a kernel failed on a thread; run with { threads: 1 } to see where");
    }
  }

  /** Stops all workers; later launches run on the owner's thread only. */
  close(): void {
    this.isLost = true;
    this.programs.clear();
    for (const worker of this.workers.splice(0)) worker.stop();
  }

  /**
   * Spins until the chunks of workers are done: sleeping would cost more than most of them take.
   *
   * Only the time in which the owner was running counts, not the time of the clock: a process may be stopped, and a machine may
   * sleep.
   */
  private awaitDone(chunks: number): void {
    let seen = -1;
    let inVain = 0;
    let last = performance.now();
    for (let turn = 1; ; turn++) {
      const done = Atomics.load(this.control, words.done);
      if (done >= chunks) return;
      if (turn % turnsPerLook !== 0) continue;
      const now = performance.now();
      inVain = done === seen ? inVain + Math.min(now - last, longestLook) : 0;
      seen = done;
      last = now;
      if (inVain > this.timeout) {
        this.close();
        throw new BackendError(
          `compile: a worker thread must finish its chunk, got no progress in ${this.timeout / 1000} s; ` +
            "compile the function again: it then runs on one thread",
        );
      }
    }
  }

  /** A page may not start workers from another site's scripts, or none at all. */
  private tryToStart(): WorkerHandle | undefined {
    try {
      return this.start(() => this.close());
    } catch {
      this.close();
      return undefined;
    }
  }

  private send(message: object): void {
    for (const worker of this.workers) worker.post(message);
    Atomics.add(this.control, words.mail, 1);
    Atomics.notify(this.control, words.tag);
  }
}

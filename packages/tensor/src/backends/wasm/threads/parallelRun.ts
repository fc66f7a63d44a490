import type { Launch } from "../kernels/launch.ts";
import type { WasmInstance, WasmMemory } from "../webAssembly.ts";
import { firstWorkItem, maxChunks } from "./claim.js";
import type { SharedLaunch, ThreadPool } from "./threadPool.ts";
import { VariantChoice } from "./variantChoice.ts";

/** ns of work that a chunk has at least: claiming one costs a fiftieth of it. */
const chunkCost = 2500;
/** ns of work below which several threads cost more than they save. */
const sharedCost = 8000;

/** Number of parts that a launch is cut into. It follows from the work alone, so that no result depends on the number of threads. */
export function chunksOf(launch: Launch): number {
  if (launch.kind === "host") return 1;
  const { workItems, cost } = launch;
  return workItems * cost < sharedCost ? 1 : Math.min(workItems, maxChunks, Math.floor((workItems * cost) / chunkCost));
}

/** Removes programs from the pool that were garbage-collected before they were released. */
const collected = new FinalizationRegistry<{ readonly pool: ThreadPool; readonly program: number }>(
  ({ pool, program }) => pool.forget(program),
);

/** The launches of one program, shared with a pool's workers where that is quicker. */
export class ParallelRun {
  private readonly pool: ThreadPool;
  private readonly program: number;
  private readonly maxThreads: number;
  private readonly choice = new VariantChoice();
  private readonly serial: () => void;
  private readonly calls: (() => void)[];

  constructor(
    pool: ThreadPool,
    threads: number,
    {
      launches,
      module,
      instance,
      memory,
      serial,
    }: {
      readonly launches: readonly Launch[];
      readonly module: object;
      readonly instance: WasmInstance;
      readonly memory: WasmMemory;
      readonly serial: readonly (() => void)[];
    },
  ) {
    this.pool = pool;
    this.maxThreads = threads;
    const shared = launches.map(sharedLaunch);
    this.program = pool.add({ module, memory, launches: shared });
    this.serial = () => {
      for (const call of serial) call();
    };
    this.calls = shared.map((launch, index) => {
      const { name, workItems, chunks } = launch;
      if (chunks === 1) return serial[index];
      const target = instance.exports[name] as (lo: number, hi: number, chunk: number) => void;
      const run = (chunk: number): void =>
        target(firstWorkItem(workItems, chunks, chunk), firstWorkItem(workItems, chunks, chunk + 1), chunk);
      return () => pool.run(this.program, index, launch, threads, run);
    });
    collected.register(this, { pool, program: this.program }, this);
  }

  /** Lets workers free the program's memory. */
  release(): void {
    collected.unregister(this);
    this.pool.forget(this.program);
  }

  /** Threads that a call may use now. */
  get threads(): number {
    return Math.min(this.maxThreads, this.pool.threads);
  }

  /** Runs all launches in order. */
  run(): void {
    const isShared = this.threads > 1 && this.choice.next();
    const start = performance.now();
    if (isShared) for (const call of this.calls) call();
    else this.serial();
    if (this.threads > 1) this.choice.record(isShared, performance.now() - start);
  }
}

/** The part of a launch that workers need; a launch of one chunk runs on the owner's thread only. */
function sharedLaunch(launch: Launch): SharedLaunch {
  return launch.kind === "host"
    ? { name: "", workItems: 0, chunks: 1 }
    : { name: launch.name, workItems: launch.workItems, chunks: chunksOf(launch) };
}

import type { Launch } from "../kernels/launch.ts";
import type { WasmInstance, WasmMemory } from "../webAssembly.ts";
import { firstUnit, maxChunks } from "./claim.js";
import { Pace } from "./pace.ts";
import type { SharedLaunch, ThreadPool } from "./threadPool.ts";

/** ns of work that a chunk has at least: claiming one costs a fiftieth of it. */
const chunkCost = 2500;
/** ns of work below which handing a launch over costs more than it saves. */
const sharedCost = 8000;

/** Parts that a launch is cut into: a matter of its work alone, so that no result depends on the number of threads. */
export function chunksOf(launch: Launch): number {
  if (launch.kind === "host") return 1;
  const { units, cost } = launch;
  return units * cost < sharedCost ? 1 : Math.min(units, maxChunks, Math.floor((units * cost) / chunkCost));
}

/** Gives programs back to the pool that were collected before they were released. */
const collected = new FinalizationRegistry<{ readonly pool: ThreadPool; readonly program: number }>(
  ({ pool, program }) => pool.forget(program),
);

/** The launches of one program, shared with a pool's workers where that is quicker. */
export class ParallelRun {
  private readonly pool: ThreadPool;
  private readonly program: number;
  private readonly maxThreads: number;
  private readonly pace = new Pace();
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
      const { name, units, chunks } = launch;
      if (chunks === 1) return serial[index];
      const target = instance.exports[name] as (lo: number, hi: number, chunk: number) => void;
      const run = (chunk: number): void =>
        target(firstUnit(units, chunks, chunk), firstUnit(units, chunks, chunk + 1), chunk);
      return () => pool.run(this.program, index, launch, threads, run);
    });
    collected.register(this, { pool, program: this.program }, this);
  }

  /** Lets workers give the program's memory back. */
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
    const isShared = this.threads > 1 && this.pace.next();
    const start = performance.now();
    if (isShared) for (const call of this.calls) call();
    else this.serial();
    if (this.threads > 1) this.pace.record(isShared, performance.now() - start);
  }
}

/** What workers need to know; the owner alone runs what is not cut. */
function sharedLaunch(launch: Launch): SharedLaunch {
  return launch.kind === "host"
    ? { name: "", units: 0, chunks: 1 }
    : { name: launch.name, units: launch.units, chunks: chunksOf(launch) };
}

import { describe, expect, it } from "vitest";
import { type FunctionBuilder, i32, ModuleBuilder } from "../../../../src/backends/wasm/assembler/index.ts";
import { ThreadPool } from "../../../../src/backends/wasm/threads/threadPool.ts";
import { compileModule, webAssembly } from "../../../../src/backends/wasm/webAssembly.ts";
import { BackendError } from "../../../../src/index.ts";

/** A program with one launch, `work(lo, hi, chunk)`, over one page of shared memory. */
function programOf(build: (fn: FunctionBuilder) => void) {
  const module = new ModuleBuilder();
  module.importMemory({ module: "env", name: "memory", minimum: 1, maximum: 1, shared: true });
  module.exportFunction("work", module.addFunction(["i32", "i32", "i32"], [], build));
  const memory = new webAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const launch = { name: "work", workItems: 64, chunks: 64 };
  return { module: compileModule(module.toBytes()), memory, launches: [launch], launch };
}

/** memory[4·lo] += 1 */
const count = (fn: FunctionBuilder): void => {
  for (let i = 0; i < 2; i++) {
    fn.get(0);
    fn.i32(4);
    fn.op(i32.mul);
  }
  fn.memory(i32.load);
  fn.i32(1);
  fn.op(i32.add);
  fn.memory(i32.store);
};

async function poolOf(threads: number, timeout?: number): Promise<ThreadPool> {
  const pool = new ThreadPool({ timeout });
  pool.grow(threads);
  for (let i = 0; i < 6000 && pool.threads < threads; i++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(pool.threads).toBe(threads);
  return pool;
}

/** Keeps the owner busy, so that workers get chunks. */
function busy(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

describe("ThreadPool", () => {
  it("runs every chunk exactly once, on the owner and on workers", async () => {
    const pool = await poolOf(3);
    const program = programOf(count);
    const id = pool.add(program);
    let own = 0;
    const run = (chunk: number): void => {
      new Int32Array(program.memory.buffer)[chunk]++;
      own++;
      busy(0.2);
    };
    for (let round = 1; round <= 20; round++) {
      pool.run(id, 0, program.launch, 3, run);
      expect([...new Int32Array(program.memory.buffer, 0, 65)]).toEqual([...new Array(64).fill(round), 0]);
    }
    expect(own).toBeLessThan(20 * 64);
    pool.close();
  });

  it("knows programs that came before a worker and after it, and forgets them", async () => {
    const pool = new ThreadPool();
    const early = programOf(count);
    const first = pool.add(early);
    pool.grow(2);
    for (let i = 0; i < 6000 && pool.threads < 2; i++) await new Promise((resolve) => setTimeout(resolve, 10));
    const late = programOf(count);
    const second = pool.add(late);
    for (const [id, program] of [[first, early] as const, [second, late] as const]) {
      pool.run(id, 0, program.launch, 2, (chunk) => {
        new Int32Array(program.memory.buffer)[chunk]++;
        busy(0.2);
      });
      expect([...new Int32Array(program.memory.buffer, 0, 64)]).toEqual(new Array(64).fill(1));
      pool.forget(id);
    }
    pool.close();
  });

  it("says that a chunk failed on a worker, and works on", async () => {
    const pool = await poolOf(2);
    const failing = programOf((fn) => {
      fn.i32(-4);
      fn.memory(i32.load);
      fn.set(0);
    });
    const id = pool.add(failing);
    expect(() => pool.run(id, 0, failing.launch, 2, () => busy(1))).toThrow(BackendError);
    const program = programOf(count);
    pool.run(pool.add(program), 0, program.launch, 2, () => busy(1));
    pool.close();
  });

  it("is an error and not a hang when a worker does not finish", async () => {
    const pool = await poolOf(2, 300);
    const endless = programOf((fn) =>
      fn.loop((again) => {
        fn.i32(1);
        fn.brIf(again);
      }),
    );
    const id = pool.add(endless);
    expect(() => pool.run(id, 0, endless.launch, 2, () => busy(1))).toThrow(/must finish its chunk.*0\.3 s/s);
    expect(pool.threads).toBe(1);
  });

  it("does without workers that must not be started", () => {
    const start = (): never => {
      throw new Error("SecurityError");
    };
    const pool = new ThreadPool({ start });
    pool.grow(2);
    const program = programOf(count);
    let own = 0;
    pool.run(pool.add(program), 0, program.launch, 2, () => own++);
    expect([pool.threads, own]).toEqual([1, 64]);
  });

  it("fails, and skips nothing, where a worker does not know the program", async () => {
    const pool = await poolOf(2);
    const program = programOf(count);
    pool.add(program);
    const unknown = 999;
    expect(() => pool.run(unknown, 0, program.launch, 2, () => busy(1))).toThrow(BackendError);
    pool.close();
  });

  // A page ends its workers a little after they were stopped: until then they would take chunks.
  it("gives closed workers nothing to do", async () => {
    const pool = await poolOf(2);
    pool.close();
    const program = programOf(count);
    let own = 0;
    pool.run(pool.add(program), 0, program.launch, 2, () => own++);
    expect(own).toBe(64);
  });
});

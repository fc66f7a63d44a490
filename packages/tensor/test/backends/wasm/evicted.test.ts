import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expectSameBits, forAll, randomPrograms } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { MemoryPool, pageBytes } from "../../../src/backends/wasm/memoryPool.ts";
import { wasm } from "../../../src/backends/wasm/wasmBackend.ts";
import { type AsyncBackend, compile, ones, simplify, type Tensor, trace } from "../../../src/index.ts";

const script = fileURLToPath(new URL("./evictedScript.ts", import.meta.url));

/** MiB by which a process grows that calls a function with 400 shapes in one turn, beyond what its report admits. */
async function unreported(threads: number): Promise<number> {
  const args = ["--import", "tsx", script, "400", String(threads)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 300_000 });
  const { grown, reported } = JSON.parse(stdout) as { readonly grown: number; readonly reported: number };
  expect(reported).toBeGreaterThan(50);
  return grown - reported;
}

describe("memory of evicted signatures", () => {
  it("is free at once, in workers too, though the loop never ends its turn", async () => {
    // Memory that waits for the collector makes more than 500 MiB of these shapes; without any of it a process grows by about 100.
    expect(await unreported(1)).toBeLessThan(250);
    expect(await unreported(2)).toBeLessThan(250);
  });

  it("is released when the 65th signature comes, oldest first, and reported honestly", () => {
    const released: string[] = [];
    const backend: AsyncBackend = {
      name: "fake",
      isAsync: true,
      describe: () => ({ backend: "fake", simd: "none" }),
      prepare: ({ inputs: [x] }) => ({
        ...{ launches: 1, threads: 1, device: undefined, bytes: 10 },
        release: () => void released.push(`${x.shape}`),
        start: async (values) => [...values],
      }),
    };
    const f = compile((x: Tensor) => x, { backend });
    for (let n = 1; n <= 64; n++) f(ones([n]));
    f(ones([1]));
    expect([released, f.report().bytes]).toEqual([[], 640]);
    f(ones([100]));
    f(ones([101]));
    expect([released, f.report().bytes]).toEqual([["2", "3"], 640]);
  });
});

describe("MemoryPool", () => {
  it("hands a memory on to a program of about its size, grown where it is too small", () => {
    const pool = new MemoryPool();
    const first = pool.take(40, false);
    pool.give(first);
    const second = pool.take(60, false);
    expect(second.memory).toBe(first.memory);
    expect(second.memory.buffer.byteLength).toBe(60 * pageBytes);
    pool.give(second);
    expect(pool.take(500, false).memory).not.toBe(first.memory);
    expect(pool.take(60, true).memory).not.toBe(first.memory);
    expect(pool.take(5, false).memory).not.toBe(first.memory);
    expect(pool.take(50, false).memory).toBe(first.memory);
    expect(pool.freeBytes).toBe(0);
  });

  it("keeps little of what is free", () => {
    const pool = new MemoryPool();
    for (const memory of Array.from({ length: 20 }, () => pool.take(20, false))) pool.give(memory);
    expect(pool.freeBytes).toBe(8 * 20 * pageBytes);
    pool.give(pool.take(3000, false));
    expect(pool.freeBytes).toBeLessThan(2 ** 26);
  });

  it("changes no bit: programs in memories full of other numbers compute what the reference does", () => {
    let reused = 0;
    forAll(
      randomPrograms({ kinds: ["smooth", "kinky", "discrete", "stop"], steps: 14 }),
      ({ f, inputs }) => {
        const program = simplify(trace(f)(...inputs));
        const first = wasm.prepare(program, { threads: 1 });
        const expected = first.run(inputs);
        const memory = memoryOf(first);
        new Uint8Array(memory.buffer).fill(0xff);
        first.release!();
        const second = wasm.prepare(program, { threads: 1 });
        if (memoryOf(second) === memory) reused++;
        expectSameBits(second.run(inputs), expected);
        expect(() => first.run(inputs)).toThrow("released program");
        second.release!();
        expect(second.bytes).toBe(0);
      },
      { runs: 150 },
    );
    expect(reused).toBeGreaterThan(100);
  });
});

const memoryOf = (executable: unknown): { readonly buffer: ArrayBuffer } =>
  (executable as { readonly own: { readonly memory: { readonly buffer: ArrayBuffer } } }).own.memory;

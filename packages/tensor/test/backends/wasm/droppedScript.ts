/* Run by a test: compiles many functions with large memories, drops them, and prints the MiB that the process keeps. */
import { setTimeout } from "node:timers/promises";
import { compile, ones, type Tensor } from "../../../src/index.ts";

const [count, threads, isKept] = process.argv.slice(2).map(Number);
const collect = (globalThis as { gc?: () => void }).gc!;
const mib = (): number => Math.round(process.memoryUsage().rss / 2 ** 20);

/** 2^21 elements in float32 and two products of them: about 24 MiB a function. */
const x = ones([2 ** 21], { dtype: "float32" });
const kept: unknown[] = [];

async function compileOne(i: number): Promise<void> {
  const f = compile((a: Tensor) => a.mul(i).cumsum().sum(), { backend: "wasm", threads });
  f(x);
  if (isKept) kept.push(f);
  // Workers give a program back when they are told; the owner learns of a collected one between its own turns.
  await setTimeout(1);
}

async function compileMany(n: number): Promise<void> {
  for (let i = 0; i < n; i++) {
    await compileOne(i);
    if (i % 4 === 3) collect();
  }
  for (let i = 0; i < 4; i++) {
    collect();
    await setTimeout(5);
  }
}

await compileMany(4);
const before = mib();
await compileMany(count);
console.log(mib() - before);

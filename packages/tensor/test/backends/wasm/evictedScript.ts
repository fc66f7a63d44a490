/* Run by a test: calls one function with many shapes in one turn of the loop, and prints what the process holds in MiB. */
import { setTimeout } from "node:timers/promises";
import { compile, matmul, ones, type Tensor } from "../../../src/index.ts";

const [shapes, threads] = process.argv.slice(2).map(Number);
const mib = (bytes: number): number => Math.round(bytes / 2 ** 20);
const f = compile((a: Tensor) => matmul(a, a.transpose()).tanh().cumsum().sum(), { backend: "wasm", threads });

f(ones([8, 8], { dtype: "float32" }));
await setTimeout(300);
const before = process.memoryUsage().rss;
for (let i = 0; i < shapes; i++) f(ones([200 + i, 8], { dtype: "float32" }));
const { bytes } = f.report();
console.log(JSON.stringify({ grown: mib(process.memoryUsage().rss - before), reported: mib(bytes) }));

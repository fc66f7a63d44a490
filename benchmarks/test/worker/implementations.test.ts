import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeJaxSource } from "../../src/run/jaxSource.ts";
import { inputsOf } from "../../src/tasks/inputs.ts";
import type { NetworkTask, Task } from "../../src/tasks/task.ts";
import type { Implementation } from "../../src/worker/implementation.ts";
import { ours } from "../../src/worker/implementations/ours.ts";
import { plain } from "../../src/worker/implementations/plain.ts";

const tasks: Record<string, Task> = {
  "a stopped step": { kind: "step", batch: 6, width: 5, depth: 3, loss: "sg" },
  "a full step": { kind: "step", batch: 6, width: 5, depth: 3, loss: "full" },
  "a full step of one hidden layer": { kind: "step", batch: 9, width: 4, depth: 1, loss: "full" },
  "products whose size no block divides": { kind: "matmul", size: 7, count: 3 },
  "a convolution": { kind: "conv", name: "pictures", batch: 2, side: 4, channels: 3, outputs: 5 },
  "the gradient of pictures": {
    kind: "conv",
    name: "gradient of pictures",
    batch: 2,
    side: 4,
    channels: 3,
    outputs: 5,
  },
  "the gradient of a kernel": {
    ...{ kind: "conv", name: "gradient of the kernel" },
    ...{ batch: 2, side: 4, channels: 3, outputs: 5 },
  },
  "a product with the sizes of a convolution": {
    ...{ kind: "conv", name: "product" },
    ...{ batch: 1, side: 3, channels: 2, outputs: 4 },
  },
  exp: { kind: "elementwise", name: "exp", size: 5 },
  tanh: { kind: "elementwise", name: "tanh", size: 5 },
  "the derivative of SiLU": { kind: "elementwise", name: "siluGradient", size: 5 },
  "a chain of exp": { kind: "elementwise", name: "expChain", size: 5 },
  "a chain of tanh": { kind: "elementwise", name: "tanhChain", size: 5 },
  "sums of rows": { kind: "reduction", shape: [3, 5], axis: 1 },
  "sums of columns": { kind: "reduction", shape: [3, 5], axis: 0 },
  "a sum of all": { kind: "reduction", shape: [3, 5], axis: null },
  "repeated sums": { kind: "overhead", name: "add", count: 3 },
  "repeated products": { kind: "overhead", name: "matmul", count: 3 },
  "repeated tanh": { kind: "overhead", name: "tanh", count: 3 },
  "repeated compiled sums": { kind: "overhead", name: "compiledAdd", count: 3 },
};

/** What an implementation gives in three calls. */
async function valuesOf(implementation: Implementation, task: Task, backend?: string): Promise<number[]> {
  const prepared = await implementation.prepare(task, inputsOf(task), { backend });
  const values: number[] = [];
  for (let call = 0; call < 3; call++) {
    await prepared.call();
    values.push(await prepared.value());
  }
  return values;
}

const closeTo = (values: readonly number[]) =>
  values.map((value) => expect.closeTo(value, 4 - Math.ceil(Math.log10(value))));

describe("implementations", () => {
  it.each(Object.entries(tasks))("ours and plain loops agree on %s", async (_, task) => {
    const expected = await valuesOf(plain, task);
    expect(await valuesOf(ours, task, "wasm")).toEqual(closeTo(expected));
    expect(await valuesOf(ours, task, "reference")).toEqual(closeTo(expected));
  });

  it("losses change from step to step, and stopping the target changes them from the second on", async () => {
    const [sg, full] = await Promise.all(["a stopped step", "a full step"].map((name) => valuesOf(plain, tasks[name])));
    expect(new Set(sg).size).toBe(3);
    expect(full[0]).toBe(sg[0]);
    expect(full[1]).not.toBe(sg[1]);
  });
});

/** Tasks that no loops are written for. */
const pictures: Record<string, Task> = {
  "scores of attention": { kind: "attention", name: "scores", batch: 2, heads: 3, tokens: 5, size: 4 },
  "values of attention": { kind: "attention", name: "values", batch: 2, heads: 3, tokens: 5, size: 4 },
  "the core of attention": { kind: "attention", name: "core", batch: 2, heads: 3, tokens: 5, size: 4 },
  "a product with the sizes of attention": {
    ...{ kind: "attention", name: "product" },
    ...{ batch: 2, heads: 3, tokens: 5, size: 4 },
  },
  "sums of groups": { kind: "reduction", shape: [2, 9, 3, 2], axis: [1, 3] },
  "a step of a transformer": { kind: "network", batch: 2, network: { name: "dit", patch: 14, dim: 8, depth: 1 } },
  "a step of a U-Net": { kind: "network", batch: 2, network: { name: "unet", width: 2, levels: [1, 2] } },
};

describe("tasks of pictures", () => {
  it.each(Object.entries(pictures))("compiled code and plain evaluation agree on %s", async (_, task) => {
    const expected = await valuesOf(ours, task, "reference");
    expect(await valuesOf(ours, task, "wasm")).toEqual(closeTo(expected));
    if (task.kind === "network") expect(new Set(expected).size).toBe(3);
  });

  it("are written for JAX with one parameter for every array and constant", () => {
    const folder = mkdtempSync(join(tmpdir(), "pushforward-benchmarks-"));
    const task = pictures["a step of a transformer"] as NetworkTask;
    const { source, constants } = writeJaxSource(task, folder);
    const arrays = Object.keys(inputsOf(task));
    expect(source.inputs).toBe(arrays.length);
    expect(source.carried).toBe(arrays.length - 4);
    const [, parameters] = /^def program\(([^)]*)\)/m.exec(readFileSync(source.file, "utf8"))!;
    expect(parameters.split(", ")).toHaveLength(arrays.length + constants.size);
    rmSync(folder, { recursive: true });
  });
});

describe("inputs", () => {
  it("are the same every time, and starts lie before ends", () => {
    const { s, t, b1 } = inputsOf(tasks["a full step"]);
    expect(inputsOf(tasks["a full step"]).s).toEqual(s);
    expect(s.data.every((start, i) => start <= t.data[i])).toBe(true);
    expect(b1.data.every((bias) => bias !== 0)).toBe(true);
  });
});

import {
  blockUntilReady,
  defaultDevice,
  init,
  type Array as JaxArray,
  jit,
  jvp,
  lax,
  nn,
  numpy as np,
  valueAndGrad,
} from "@jax-js/jax";
import type { Input, Inputs } from "../../tasks/inputs.ts";
import { chainLength, type StepTask, type Task } from "../../tasks/task.ts";
import { type Prepared, sumOfSquares } from "../implementation.ts";

type Arrays = Readonly<Record<string, JaxArray>>;

/**
 * Prepares a task in jax-js on one of its devices, under jit. jax-js counts references: `.ref` keeps an array, and each use
 * consumes a reference.
 *
 * @throws Error where the device is missing
 */
export async function prepareJax(task: Task, inputs: Inputs, device: "wasm" | "webgpu"): Promise<Prepared> {
  await startJax(device);
  const arrays = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, toArray(input)]));
  if (task.kind === "step") return step(task, arrays);
  if (task.kind === "overhead") return repeated(task.count, operations[task.name], arrays.x, arrays.y);
  return once(jit(functionOf(task)), task.kind === "matmul" ? [arrays.x, arrays.a] : [arrays.x]);
}

/** @throws Error where the device is missing */
export async function startJax(device: "wasm" | "webgpu"): Promise<void> {
  const started = await init(device);
  if (!started.includes(device)) throw new Error(`jax-js has no ${device} here`);
  defaultDevice(device);
}

const toArray = ({ data, shape }: Input): JaxArray => np.array(data).reshape([...shape]);

function functionOf(task: Task): (x: JaxArray, a: JaxArray) => JaxArray {
  if (task.kind === "matmul") {
    return (x, a) => {
      for (let i = 1; i < task.count; i++) x = np.matmul(x, a.ref);
      return np.matmul(x, a);
    };
  }
  if (task.kind === "reduction") return (x) => np.sum(x, task.axis as number | number[] | null);
  if (task.kind !== "elementwise") throw new Error(`jax-js: cannot ${task.kind}`);
  const { name } = task;
  if (name === "exp") return np.exp;
  if (name === "tanh") return np.tanh;
  if (name === "siluGradient") {
    return (x) => {
      const gate = nn.sigmoid(x.ref);
      return gate.ref.mul(x.mul(np.subtract(1, gate)).add(1));
    };
  }
  const once = name === "expChain" ? (x: JaxArray) => np.exp(x.neg()) : (x: JaxArray) => np.tanh(x.mul(2));
  return (x) => {
    for (let i = 0; i < chainLength; i++) x = once(x);
    return x;
  };
}

function once(f: (...args: JaxArray[]) => JaxArray, args: readonly JaxArray[]): Prepared {
  let out: JaxArray | undefined;
  return {
    async call() {
      out?.dispose();
      out = f(...args.map((x) => x.ref));
      await blockUntilReady(out);
    },
    value: async () => sumOfSquares(await out!.ref.data()),
  };
}

const operations: Record<string, (x: JaxArray, y: JaxArray) => JaxArray> = {
  add: (x, y) => np.add(x, y.ref),
  tanh: (x) => np.tanh(x),
  matmul: (x, y) => np.matmul(x, y.ref),
  compiledAdd: jit((x: JaxArray, y: JaxArray) => np.add(x, y)) as (x: JaxArray, y: JaxArray) => JaxArray,
};

function repeated(count: number, f: (x: JaxArray, y: JaxArray) => JaxArray, x: JaxArray, y: JaxArray): Prepared {
  const jitted = f === operations.compiledAdd;
  let values: ArrayLike<number> = [];
  return {
    async call() {
      let out = x.ref;
      for (let i = 0; i < count; i++) out = jitted ? f(out, y.ref) : f(out, y);
      values = await out.data();
    },
    value: () => sumOfSquares(values),
  };
}

function step({ batch, depth, loss: kind }: StepTask, arrays: Arrays): Prepared {
  const names = Array.from({ length: depth + 1 }, (_, i) => [`w${i + 1}`, `b${i + 1}`]).flat();
  let params = names.map((name) => arrays[name]);
  let mean = params.map((p) => np.zeros(p.shape));
  let square = params.map((p) => np.zeros(p.shape));
  const update = jit(adamStep(valueAndGrad(meanFlowLoss(kind, batch, depth))));
  let index = 0;
  let loss = Number.NaN;
  return {
    async call() {
      index++;
      const { x, s, t, v } = arrays;
      const [p, m, n, l] = update(
        params,
        mean,
        square,
        np.array(new Float32Array([index])),
        x.ref,
        s.ref,
        t.ref,
        v.ref,
      );
      [params, mean, square] = [p, m, n];
      loss = (await l.data())[0];
    },
    value: () => loss,
  };
}

const meanFlowLoss =
  (kind: "sg" | "full", batch: number, depth: number) =>
  (params: JaxArray[], x: JaxArray, s: JaxArray, t: JaxArray, v: JaxArray): JaxArray => {
    const u = (x: JaxArray, s: JaxArray, t: JaxArray): JaxArray => {
      let h = np.concatenate([x, s, t], 1);
      for (let i = 0; i < depth; i++) h = nn.silu(np.matmul(h, params[2 * i].ref).add(params[2 * i + 1].ref));
      return np.matmul(h, params[2 * depth].ref).add(params[2 * depth + 1].ref);
    };
    const along = [v.ref, np.onesLike(s.ref), np.zerosLike(t.ref)];
    const [U, dU] = jvp(u as never, [x, s.ref, t.ref] as never, along as never) as unknown as [JaxArray, JaxArray];
    const moved = v.add(t.sub(s).mul(dU));
    const target = kind === "sg" ? lax.stopGradient(moved) : moved;
    for (const p of params) p.dispose();
    return np
      .square(U.sub(target as JaxArray))
      .sum()
      .mul(1 / batch);
  };

type ValueAndGrad = (...args: [JaxArray[], ...JaxArray[]]) => [JaxArray, JaxArray[]];

/** Adam with rate 1e-3, β 0.9 and 0.999, ε 1e-8. */
const adamStep =
  (valueAndGradient: unknown) =>
  (params: JaxArray[], mean: JaxArray[], square: JaxArray[], k: JaxArray, ...data: JaxArray[]) => {
    const [loss, grads] = (valueAndGradient as ValueAndGrad)(params.map((p) => p.ref) as JaxArray[], ...data);
    const c1 = np.subtract(1, np.power(0.9, k.ref));
    const c2 = np.subtract(1, np.power(0.999, k));
    const next: [JaxArray[], JaxArray[], JaxArray[]] = [[], [], []];
    params.forEach((p, i) => {
      const m = mean[i].mul(0.9).add(grads[i].ref.mul(0.1));
      const n = square[i].mul(0.999).add(np.square(grads[i]).mul(0.001));
      const direction = m.ref.div(c1.ref).div(np.sqrt(n.ref.div(c2.ref)).add(1e-8));
      next[0].push(p.sub(direction.mul(1e-3)));
      next[1].push(m);
      next[2].push(n);
    });
    c1.dispose();
    c2.dispose();
    return [...next, loss] as [JaxArray[], JaxArray[], JaxArray[], JaxArray];
  };

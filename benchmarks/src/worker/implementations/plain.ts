import { chainLength, type ElementwiseTask, type OverheadTask, type ReductionTask } from "../../tasks/task.ts";
import { type Implementation, type Prepared, sumOfSquares } from "../implementation.ts";
import { multiply } from "../plain/multiply.ts";
import { plainStep } from "../plain/step.ts";

/** Handwritten loops over typed arrays for each task. */
export const plain: Implementation = {
  prepare(task, inputs) {
    const x = inputs.x?.data;
    switch (task.kind) {
      case "step":
        return plainStep(task, inputs);
      case "elementwise":
        return elementwise(task, x);
      case "reduction":
        return reduction(task, x);
      case "overhead":
        return overhead(task, x, inputs.y.data);
      case "matmul": {
        const n = task.size;
        let [out, next] = [new Float32Array(n * n), new Float32Array(n * n)];
        return {
          call() {
            out.set(x);
            for (let i = 0; i < task.count; i++) {
              multiply(out, inputs.a.data, next, n, n, n);
              [out, next] = [next, out];
            }
          },
          value: () => sumOfSquares(out),
        };
      }
    }
  },
  describe: () => `JavaScript of Node ${process.versions.node}`,
};

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

const scalars: Record<ElementwiseTask["name"], (x: number) => number> = {
  exp: Math.exp,
  tanh: Math.tanh,
  siluGradient: (x) => {
    const gate = sigmoid(x);
    return gate * (1 + x * (1 - gate));
  },
  expChain: (x) => {
    for (let i = 0; i < chainLength; i++) x = Math.exp(-x);
    return x;
  },
  tanhChain: (x) => {
    for (let i = 0; i < chainLength; i++) x = Math.tanh(2 * x);
    return x;
  },
};

function elementwise({ name }: ElementwiseTask, x: Float32Array): Prepared {
  const f = scalars[name];
  const out = new Float32Array(x.length);
  return {
    call() {
      for (let i = 0; i < x.length; i++) out[i] = f(x[i]);
    },
    value: () => sumOfSquares(out),
  };
}

function reduction({ shape: [rows, columns], axis }: ReductionTask, x: Float32Array): Prepared {
  const out = new Float32Array(axis === null ? 1 : axis === 0 ? columns : rows);
  // The index that a result has: its row, its column, or 0.
  const [perRow, perColumn] = [axis === 1 ? 1 : 0, axis === 0 ? 1 : 0];
  return {
    call() {
      const sums = new Float64Array(out.length);
      for (let i = 0, q = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++, q++) sums[i * perRow + j * perColumn] += x[q];
      }
      out.set(sums);
    },
    value: () => sumOfSquares(out),
  };
}

function overhead({ name, count }: OverheadTask, x: Float32Array, y: Float32Array): Prepared {
  const operations: Record<OverheadTask["name"], (x: Float32Array) => Float32Array> = {
    add: (x) => x.map((value, i) => value + y[i]),
    compiledAdd: (x) => x.map((value, i) => value + y[i]),
    tanh: (x) => x.map(Math.tanh),
    matmul: (x) => {
      const out = new Float32Array(16);
      multiply(x, y, out, 4, 4, 4);
      return out;
    },
  };
  let out = x;
  return {
    call() {
      out = x;
      for (let i = 0; i < count; i++) out = operations[name](out);
    },
    value: () => sumOfSquares(out),
  };
}

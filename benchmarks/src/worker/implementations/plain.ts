import {
  type ConvTask,
  chainLength,
  type ElementwiseTask,
  type OverheadTask,
  type ReductionTask,
} from "../../tasks/task.ts";
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
      case "conv":
        return convolution(task, x, inputs.a.data);
      case "reduction":
        return reduction(task, x);
      case "overhead":
        return overhead(task, x, inputs.y.data);
      case "attention":
      case "network":
        throw new Error(`plain: cannot ${task.kind}`);
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

/** Loops over outputs, places of the kernel and both kinds of channels; `name` says which of the three arrays is the result. */
function convolution({ name, batch, side, channels, outputs }: ConvTask, x: Float32Array, a: Float32Array): Prepared {
  const [pictures, kernel, results] = [
    batch * side * side * channels,
    9 * channels * outputs,
    batch * side * side * outputs,
  ];
  const out = new Float32Array(
    { pictures: results, "gradient of pictures": pictures, "gradient of the kernel": kernel, product: results }[name],
  );
  const step = {
    pictures: (i: number, k: number, o: number) => {
      out[o] += x[i] * a[k];
    },
    "gradient of pictures": (i: number, k: number, o: number) => {
      out[i] += x[o] * a[k];
    },
    "gradient of the kernel": (i: number, k: number, o: number) => {
      out[k] += x[i] * a[o];
    },
  };
  const call = (): void => {
    out.fill(0);
    if (name === "product") multiply(x, a, out, batch * side * side, 9 * channels, outputs);
    else eachProduct({ batch, side, channels, outputs }, step[name]);
  };
  return { call, value: () => sumOfSquares(out) };
}

/** Calls f with the places of a picture's number, of the kernel's and of the output's, for every product of a convolution. */
function eachProduct(
  { batch, side, channels, outputs }: Pick<ConvTask, "batch" | "side" | "channels" | "outputs">,
  f: (i: number, k: number, o: number) => void,
): void {
  for (let at = 0; at < batch * side * side; at++) {
    const [row, column] = [Math.floor(at / side) % side, at % side];
    for (let place = 0; place < 9; place++) {
      const [dy, dx] = [Math.floor(place / 3) - 1, (place % 3) - 1];
      if (row + dy < 0 || row + dy >= side || column + dx < 0 || column + dx >= side) continue;
      for (let c = 0; c < channels; c++) {
        const [i, k] = [(at + dy * side + dx) * channels + c, (place * channels + c) * outputs];
        for (let o = 0; o < outputs; o++) f(i, k + o, at * outputs + o);
      }
    }
  }
}

function reduction({ shape: [rows, columns, ...more], axis }: ReductionTask, x: Float32Array): Prepared {
  if (more.length > 0) throw new Error("plain: cannot reduce more than two axes");
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

import type { Inputs } from "../../tasks/inputs.ts";
import { type StepTask, stepSizes } from "../../tasks/task.ts";
import type { Prepared } from "../implementation.ts";
import { adam } from "./adam.ts";
import { multiply, transpose } from "./multiply.ts";

/** Buffers of a step. Points are in the upper half of the rows and tangents in the lower half, so that one product computes both. */
interface Buffers {
  /** Activations of every layer, [2·batch, size]. */
  readonly h: readonly Float32Array[];
  /** φ′(a) of hidden layers, [batch, width]. */
  readonly slope: readonly Float32Array[];
  /** φ″(a)·da of hidden layers, [batch, width]. */
  readonly bend: readonly Float32Array[];
  /** Cotangents of every layer, like h. */
  readonly g: readonly Float32Array[];
  readonly transposedInput: Float32Array;
  readonly transposedWeight: Float32Array;
}

/**
 * MeanFlow's training step derived by hand: forward with tangents, backward, Adam.
 *
 *   a = h·W + b,  h⁺ = a·σ(a);   da = dh·W,  dh⁺ = φ′(a)·da
 *   ḡa = ḡh·φ′(a) + ḡdh·φ″(a)·da,  ḡda = ḡdh·φ′(a)
 *   φ′ = σ·(1 + a·(1 − σ)),  φ″ = σ·(1 − σ)·(2 + a·(1 − 2σ))
 *
 * With a stopped target only the upper half of the rows has cotangents.
 */
export function plainStep(task: StepTask, inputs: Inputs): Prepared {
  const sizes = stepSizes(task.width, task.depth);
  const params = sizes.slice(1).flatMap((_, i) => [`w${i + 1}`, `b${i + 1}`].map((name) => inputs[name].data.slice()));
  const grads = params.map((p) => new Float32Array(p.length));
  const update = adam(params);
  const buffers = allocate(task, sizes);
  fillInput(buffers.h[0], inputs, task.batch);
  let loss = Number.NaN;
  return {
    call() {
      forward(task, sizes, params, buffers);
      loss = compare(task, inputs, buffers);
      backward(task, sizes, params, grads, buffers);
      update(grads);
    },
    value: () => loss,
  };
}

function allocate({ batch, width }: StepTask, sizes: readonly number[]): Buffers {
  const rows = (count: number) => sizes.map((size) => new Float32Array(count * size));
  return {
    h: rows(2 * batch),
    g: rows(2 * batch),
    slope: rows(batch),
    bend: rows(batch),
    transposedInput: new Float32Array(2 * batch * Math.max(...sizes)),
    transposedWeight: new Float32Array(width * Math.max(...sizes)),
  };
}

/** Points (x, s, t) above, their tangents (v, 1, 0) below. */
function fillInput(h: Float32Array, { x, s, t, v }: Inputs, batch: number): void {
  for (let i = 0; i < batch; i++) {
    h.set([x.data[2 * i], x.data[2 * i + 1], s.data[i], t.data[i]], 4 * i);
    h.set([v.data[2 * i], v.data[2 * i + 1], 1, 0], 4 * (batch + i));
  }
}

function forward(
  { batch, depth }: StepTask,
  sizes: readonly number[],
  params: readonly Float32Array[],
  buffers: Buffers,
): void {
  for (let l = 0; l <= depth; l++) {
    const [out, columns, bias] = [buffers.h[l + 1], sizes[l + 1], params[2 * l + 1]];
    multiply(buffers.h[l], params[2 * l], out, 2 * batch, sizes[l], columns);
    for (let i = 0, q = 0; i < batch; i++) {
      for (let j = 0; j < columns; j++, q++) out[q] += bias[j];
    }
    if (l < depth) activate(out, buffers.slope[l + 1], buffers.bend[l + 1]);
  }
}

function activate(h: Float32Array, slope: Float32Array, bend: Float32Array): void {
  const half = slope.length;
  for (let q = 0; q < half; q++) {
    const a = h[q];
    const da = h[half + q];
    const gate = 1 / (1 + Math.exp(-a));
    const first = gate * (1 + a * (1 - gate));
    h[q] = a * gate;
    h[half + q] = first * da;
    slope[q] = first;
    bend[q] = gate * (1 - gate) * (2 + a * (1 - 2 * gate)) * da;
  }
}

/** The loss, and the cotangents of U (above) and dU (below). */
function compare({ batch, depth }: StepTask, { s, t, v }: Inputs, { h, g }: Buffers): number {
  const [out, cotangent] = [h[depth + 1], g[depth + 1]];
  let loss = 0;
  for (let q = 0; q < 2 * batch; q++) {
    const span = t.data[q >> 1] - s.data[q >> 1];
    const residual = out[q] - (v.data[q] + span * out[2 * batch + q]);
    loss += residual * residual;
    cotangent[q] = (2 * residual) / batch;
    cotangent[2 * batch + q] = -span * cotangent[q];
  }
  return loss / batch;
}

function backward(
  { batch, depth, loss }: StepTask,
  sizes: readonly number[],
  params: readonly Float32Array[],
  grads: readonly Float32Array[],
  { h, g, slope, bend, transposedInput, transposedWeight }: Buffers,
): void {
  const rows = loss === "full" ? 2 * batch : batch;
  for (let l = depth; l >= 0; l--) {
    const [inner, columns] = [sizes[l], sizes[l + 1]];
    transpose(h[l], transposedInput, rows, inner);
    multiply(transposedInput, g[l + 1], grads[2 * l], inner, rows, columns);
    sumRows(g[l + 1], grads[2 * l + 1], batch);
    if (l === 0) return;
    transpose(params[2 * l], transposedWeight, inner, columns);
    multiply(g[l + 1], transposedWeight, g[l], rows, columns, inner);
    throughActivation(g[l], slope[l], bend[l], rows > batch);
  }
}

function throughActivation(g: Float32Array, slope: Float32Array, bend: Float32Array, withTangents: boolean): void {
  const half = slope.length;
  for (let q = 0; q < half; q++) {
    g[q] *= slope[q];
    if (withTangents) {
      g[q] += g[half + q] * bend[q];
      g[half + q] *= slope[q];
    }
  }
}

/** Sums over the first rows: biases move points, not tangents. */
function sumRows(g: Float32Array, out: Float32Array, rows: number): void {
  const columns = out.length;
  out.fill(0);
  for (let i = 0, q = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++, q++) out[j] += g[q];
  }
}

import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-layers"; // registers the gradients
import type { Inputs } from "../../tasks/inputs.ts";
import { chainLength, type StepTask, stepSizes, type Task } from "../../tasks/task.ts";
import { type Prepared, sumOfSquares } from "../implementation.ts";

/** Prepares a task in TensorFlow.js, eager, with a tape. Forward mode is written by hand, since TensorFlow.js has none. */
export function prepareTfjs(task: Task, inputs: Inputs): Prepared {
  if (task.kind === "step") return step(task, inputs);
  const tensors = Object.fromEntries(
    Object.entries(inputs).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]),
  );
  const f = functionOf(task);
  let out: tf.Tensor | undefined;
  return {
    call() {
      out?.dispose();
      out = tf.tidy(() => f(tensors.x, task.kind === "matmul" ? tensors.a : tensors.y));
      finish(out);
    },
    value: () => sumOfSquares(out!.dataSync()),
  };
}

/** WebGL only queues work; reading an element waits for the computation of its tensor. */
function finish(out: tf.Tensor): void {
  if (tf.getBackend() !== "webgl") return;
  tf.tidy(() =>
    tf
      .slice(
        out,
        out.shape.map(() => 0),
        out.shape.map(() => 1),
      )
      .dataSync(),
  );
}

function functionOf(task: Task): (x: tf.Tensor, y: tf.Tensor) => tf.Tensor {
  if (task.kind === "matmul") return repeated(task.count, (x, a) => tf.matMul(x, a));
  if (task.kind === "reduction") return (x) => tf.sum(x, (task.axis as number | number[] | null) ?? undefined);
  if (task.kind === "overhead") {
    const { name, count } = task;
    if (name === "compiledAdd") throw new Error("tfjs does not compile functions");
    return repeated(
      count,
      { add: tf.add, tanh: (x: tf.Tensor) => tf.tanh(x), matmul: (x: tf.Tensor, y: tf.Tensor) => tf.matMul(x, y) }[
        name
      ],
    );
  }
  if (task.kind !== "elementwise") throw new Error(`tfjs: cannot ${task.kind}`);
  const { name } = task;
  if (name === "exp") return tf.exp;
  if (name === "tanh") return tf.tanh;
  if (name === "siluGradient") {
    return (x) => {
      const gate = tf.sigmoid(x);
      return tf.mul(gate, tf.add(1, tf.mul(x, tf.sub(1, gate))));
    };
  }
  return repeated(chainLength, name === "expChain" ? (x) => tf.exp(tf.neg(x)) : (x) => tf.tanh(tf.mul(x, 2)));
}

const repeated =
  (count: number, f: (x: tf.Tensor, y: tf.Tensor) => tf.Tensor) =>
  (x: tf.Tensor, y: tf.Tensor): tf.Tensor => {
    for (let i = 0; i < count; i++) {
      const next = f(x, y);
      if (i > 0) x.dispose();
      x = next;
    }
    return x;
  };

function step({ batch, width, depth, loss: kind }: StepTask, inputs: Inputs): Prepared {
  const constant = (name: string): tf.Tensor2D =>
    tf.tensor2d(inputs[name].data, inputs[name].shape as [number, number]);
  const [x, s, t, v] = ["x", "s", "t", "v"].map(constant);
  const start = tf.concat([x, s, t], 1);
  const along = tf.concat([v, tf.onesLike(s), tf.zerosLike(t)], 1);
  const span = tf.sub(t, s);
  const names = stepSizes(width, depth)
    .slice(1)
    .flatMap((_, i) => [`w${i + 1}`, `b${i + 1}`]);
  const params = names.map((name) => tf.variable(tf.tensor(inputs[name].data, [...inputs[name].shape])));
  const optimizer = tf.train.adam(1e-3, 0.9, 0.999, 1e-8);

  const velocity = (): tf.Tensor => {
    let h: tf.Tensor = start;
    for (let i = 0; i < depth; i++) {
      const a = tf.add(tf.matMul(h, params[2 * i]), params[2 * i + 1]);
      h = tf.mul(a, tf.sigmoid(a));
    }
    return tf.add(tf.matMul(h, params[2 * depth]), params[2 * depth + 1]);
  };
  const velocityAndDerivative = (): [tf.Tensor, tf.Tensor] => {
    let [h, dh]: [tf.Tensor, tf.Tensor] = [start, along];
    for (let i = 0; i < depth; i++) {
      const a = tf.add(tf.matMul(h, params[2 * i]), params[2 * i + 1]);
      const gate = tf.sigmoid(a);
      dh = tf.mul(tf.matMul(dh, params[2 * i]), tf.mul(gate, tf.add(1, tf.mul(a, tf.sub(1, gate)))));
      h = tf.mul(a, gate);
    }
    return [tf.add(tf.matMul(h, params[2 * depth]), params[2 * depth + 1]), tf.matMul(dh, params[2 * depth])];
  };
  const residual = (U: tf.Tensor, target: tf.Tensor): tf.Scalar =>
    tf.mul(tf.sum(tf.square(tf.sub(U, target))), 1 / batch);
  const full = (): tf.Scalar => {
    const [U, dU] = velocityAndDerivative();
    return residual(U, tf.add(v, tf.mul(span, dU)));
  };
  const stopped = (): (() => tf.Scalar) => {
    const target = tf.tidy(() => tf.add(v, tf.mul(span, velocityAndDerivative()[1])));
    return () => residual(velocity(), target);
  };
  let loss = Number.NaN;
  return {
    call() {
      tf.tidy(() => {
        loss = optimizer.minimize(kind === "full" ? full : stopped(), true, params)!.dataSync()[0];
      });
    },
    value: () => loss,
  };
}

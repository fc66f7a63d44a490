import { createRequire } from "node:module";
import { dirname } from "node:path";
import { getThreadsCount, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import type { Implementation } from "../implementation.ts";
import { packageVersion } from "../packageVersion.ts";
import { prepareTfjs } from "./tfjsTasks.ts";

/** TensorFlow.js on its WebAssembly backend. */
export const tfjs: Implementation = {
  async prepare(task, inputs) {
    await start();
    return prepareTfjs(task, inputs);
  },
  async describe() {
    await start();
    return `${packageVersion("@tensorflow/tfjs-core")}, ${tf.getBackend()}, ${getThreadsCount()} thread(s)`;
  },
};

async function start(): Promise<void> {
  if (tf.getBackend() === "wasm") return;
  tf.env().set("IS_TEST", true); // no advice to install the native package
  setWasmPaths(`${dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm"))}/`);
  await tf.setBackend("wasm");
  await tf.ready();
}

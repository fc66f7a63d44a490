import type { Implementation } from "../implementation.ts";
import { packageVersion } from "../packageVersion.ts";
import { prepareJax } from "./jaxTasks.ts";

/** jax-js on its WebAssembly backend. */
export const jaxJs: Implementation = {
  prepare: (task, inputs) => prepareJax(task, inputs, "wasm"),
  describe: () => `${packageVersion("@jax-js/jax")}, wasm, 1 thread (it has threads in browsers only)`,
};

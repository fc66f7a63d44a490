import { type CompileOptions, devices, makeGpujs } from "@pushforward/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { Inputs } from "../../tasks/inputs.ts";
import type { Task } from "../../tasks/task.ts";
import type { Prepared } from "../../worker/implementation.ts";
import { prepareJax, startJax } from "../../worker/implementations/jaxTasks.ts";
import { prepareOurs } from "../../worker/implementations/ours.ts";
import { prepareTfjs } from "../../worker/implementations/tfjsTasks.ts";
import type { Answers, PageDevice } from "../../worker/protocol.ts";
import type { PageCompetitor, PageMode } from "../competitors.ts";
import "@tensorflow/tfjs-backend-webgl"; // registers itself

/** Prepares a task in this page. */
export async function prepare(competitor: PageCompetitor, task: Task, inputs: Inputs): Promise<Prepared> {
  const { implementation, mode, stepsPerCall } = competitor;
  if (implementation === "ours") return prepareOurs(task, inputs, optionsOf(mode), stepsPerCall);
  if (implementation === "jaxJs") return prepareJax(task, inputs, "webgpu");
  await startTfjs();
  return prepareTfjs(task, inputs);
}

/**
 * Description of a competitor and its adapter.
 *
 * @throws Error if the page has no such device
 */
export async function describe({ implementation, mode }: PageCompetitor): Promise<Answers["describe"]> {
  const device = await deviceOf(mode);
  if (implementation === "jaxJs") await startJax("webgpu");
  if (implementation === "tfjs") await startTfjs();
  return { description: `${device.adapter} (${mode}${device.isSoftware ? ", software" : ""})`, device };
}

const optionsOf = (mode: PageMode): CompileOptions => ({ backend: mode === "wasm" ? "wasm" : makeGpujs({ mode }) });

async function startTfjs(): Promise<void> {
  if (!(await tf.setBackend("webgl"))) throw new Error("tfjs has no webgl here");
  await tf.ready();
}

async function deviceOf(mode: PageMode): Promise<PageDevice> {
  if (mode === "wasm") return { adapter: "processor", isSoftware: false };
  const found = (await devices()).find(({ name }) => name.includes(`(${mode}`));
  if (!found) throw new Error(`the browser offers no ${mode} here`);
  return { adapter: found.name.replace(/ \([^()]*\)$/, ""), isSoftware: found.isSoftware };
}

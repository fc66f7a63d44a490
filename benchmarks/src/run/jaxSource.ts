import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { exportJax } from "@pushforward/export";
import { type DenseTensor, trace } from "@pushforward/tensor";
import { networkStep } from "../tasks/networkStep.ts";
import type { NetworkTask } from "../tasks/task.ts";
import type { ProgramSource } from "../worker/protocol.ts";

/** Writes the step of a network as source of JAX, and its constants. */
export function writeJaxSource(
  task: NetworkTask,
  folder: string,
): { readonly source: ProgramSource; readonly constants: ReadonlyMap<string, DenseTensor> } {
  const { leaves, carried, update } = networkStep(task);
  const { text, constants } = exportJax(trace(update)(...leaves));
  const file = join(folder, "program.py");
  writeFileSync(file, text);
  return { source: { file, carried, inputs: leaves.length }, constants };
}

import type { Take } from "./take.ts";
import { startAsking } from "./work/ask.svelte.ts";
import type { ExportAnswers, ExportedLoss } from "./work/export/answerExport.ts";

/** Losses without some of their stop-gradients. */
type Choices = readonly Omit<ExportedLoss, "to">[];

/** Sources of several losses, one after the other. The exporter is loaded by the first question. */
async function sourceOf(choices: Choices, to: ExportedLoss["to"]): Promise<string> {
  const worker = startAsking<ExportAnswers>("export");
  try {
    const texts: string[] = [];
    for (const { loss, withoutStops } of choices)
      texts.push(await worker.ask("exportLoss", { loss, withoutStops, to }));
    return [...new Set(texts)].join("\n\n");
  } finally {
    worker.close();
  }
}

/** Losses as source of JAX and of PyTorch. */
export const exportTakes = (choices: () => Choices): Take[] => [
  { kind: "text", label: "JAX", make: () => sourceOf(choices(), "jax") },
  { kind: "text", label: "PyTorch", make: () => sourceOf(choices(), "torch") },
];

import type { Take } from "./take.ts";
import { type Asker, startAsking } from "./work/ask.svelte.ts";
import type { ExportAnswers, ExportedLoss } from "./work/export/answerExport.ts";

/** Losses without some of their stop-gradients. */
type Choices = readonly Omit<ExportedLoss, "to">[];

/** The result of questions to the exporter, which is loaded for them and ends with them. */
export async function fromExporter<Result>(ask: (exporter: Asker<ExportAnswers>) => Promise<Result>): Promise<Result> {
  const exporter = startAsking<ExportAnswers>("export");
  try {
    return await ask(exporter);
  } finally {
    exporter.close();
  }
}

/** Sources of several losses, one after the other. */
const sourceOf = (choices: Choices, to: ExportedLoss["to"]): Promise<string> =>
  fromExporter(async (exporter) => {
    const texts: string[] = [];
    for (const { loss, withoutStops } of choices)
      texts.push(await exporter.ask("exportLoss", { loss, withoutStops, to }));
    return [...new Set(texts)].join("\n\n");
  });

/** Losses as source of JAX and of PyTorch. */
export const exportTakes = (choices: () => Choices): Take[] => [
  { kind: "text", label: "JAX", make: () => sourceOf(choices(), "jax") },
  { kind: "text", label: "PyTorch", make: () => sourceOf(choices(), "torch") },
];

import { type AnyLoss, type LossName, losses, recipeJson, recipes } from "@pushforward/losses";
import type { Command } from "commander";
import { print, printJson } from "./output.ts";

/** Every loss as plain data: all fields but the body, and the recipe of `train`. */
export const lossMetadata = () =>
  Object.values(losses).map(({ loss: _body, ...metadata }) => ({
    ...metadata,
    recipe: recipeJson(recipes[metadata.name as LossName]),
  }));

/** `pushforward losses [--json]` */
export function configureLosses(command: Command): void {
  command.option("--json", "print JSON alone on standard output").action((options: { json?: boolean }) => {
    const all = lossMetadata();
    if (options.json) {
      printJson({ losses: all });
      return;
    }
    print(alignColumns([["loss", ...columns.map(([heading]) => heading)], ...all.map(rowOf)]));
  });
}

/** Columns of the table of losses; formulas, recipes and whole laws of times are in the JSON and in `explain`. */
const columns: readonly (readonly [heading: string, cell: (loss: Omit<AnyLoss, "loss">) => string])[] = [
  ["family", ({ family }) => family],
  ["learns", ({ learns }) => learns],
  ["needs", ({ needs }) => needs.join(" ") || "–"],
  ["stops", ({ stops }) => stops.join(" ") || "–"],
  ["jvp", ({ tangent }) => derivativeOf(tangent)],
  ["optimum", ({ optimum }) => optimum],
  ["times", ({ timeLaw }) => timeLaw.kind],
  ["weights", ({ weighting }) => weighting.kind],
  ["grade", ({ grade }) => grade],
  ["paper", ({ paper }) => (paper ? `${paper.cite}, arXiv ${paper.arxiv}` : "–")],
];

const rowOf = (loss: Omit<AnyLoss, "loss">): string[] => [loss.name, ...columns.map(([, cell]) => cell(loss))];

/** Whether derivatives pass through the derivative inside a loss. */
function derivativeOf(tangent: string | null): string {
  if (tangent === null) return "–";
  const [isThrough, isStopped] = [/differentiated/.test(tangent), /stopped/.test(tangent)];
  return isThrough && isStopped ? "partly stopped" : isThrough ? "differentiated" : "stopped";
}

/** Rows with columns padded to a common width. */
export function alignColumns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i]))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

import { losses } from "@pushforward/losses";
import type { Command } from "commander";
import { print, printJson } from "./output.ts";

/** One loss as plain data: everything but its body. */
export const lossMetadata = () => Object.values(losses).map(({ loss: _body, ...metadata }) => metadata);

/** `pushforward losses [--json]` */
export function addLosses(program: Command): void {
  program
    .command("losses")
    .option("--json", "print JSON alone on standard output")
    .description(
      "The registry: every loss with its family, what it learns and needs, its stop-gradients and its paper.",
    )
    .action((options: { json?: boolean }) => {
      const all = lossMetadata();
      if (options.json) {
        printJson({ losses: all });
        return;
      }
      const rows = all.map(({ name, family, learns, needs, stops, optimum, paper }) => [
        name,
        family,
        learns,
        needs.join(" ") || "–",
        stops.join(" ") || "–",
        optimum,
        paper ? `${paper.cite}, arXiv ${paper.arxiv}` : "–",
      ]);
      print(alignColumns([["loss", "family", "learns", "needs", "stops", "optimum", "paper"], ...rows]));
    });
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

import { type AnyLoss, losses } from "@pushforward/losses";
import { DomainError, type Equation } from "@pushforward/tensor";
import type { Command } from "commander";
import { lossProgram } from "../experiments/lossProgram.ts";
import { print, printJson } from "./output.ts";
import { knownName } from "./trainingOptions.ts";

/** `pushforward explain <loss>` */
export function addExplain(program: Command): void {
  program
    .command("explain")
    .argument("<loss>", "name of a loss (pushforward losses lists them)")
    .option("--json", "print JSON alone on standard output")
    .description(
      "Show a loss: formula, paper, tangent, stop-gradients, and its program with primal, tangent, cotangent and cut marked.",
    )
    .action((given: string, options: { json?: boolean }) => {
      const name = knownName(given, Object.keys(losses));
      if (!Object.hasOwn(losses, name)) {
        throw new DomainError(
          `explain: loss must be one of ${Object.keys(losses).join(", ")}, got ${JSON.stringify(given)}`,
        );
      }
      const loss: AnyLoss = losses[name as keyof typeof losses];
      if (options.json) printJson(explanationJson(loss));
      else print(describeLoss(loss));
    });
}

/** Which part of the derivative an equation belongs to. */
export function partOf({ primitive, params, label }: Equation): string {
  if (primitive.name === "stopGradient") return `cut "${(params as { label: string }).label}"`;
  return label ?? "primal";
}

function explanationJson(loss: AnyLoss): unknown {
  const { loss: _body, ...metadata } = loss;
  const { program } = lossProgram(loss);
  const parts = program.equations.map(partOf);
  const json = program.toJSON();
  return {
    ...metadata,
    program: { ...json, equations: json.equations.map((equation, i) => ({ ...equation, part: parts[i] })) },
  };
}

function describeLoss(loss: AnyLoss): string {
  const { label, name, family, learns, needs, stops, optimum, paper, tangent, formula, timeLaw, grade } = loss;
  const { program } = lossProgram(loss);
  const parts = program.equations.map(partOf);
  const count = (part: string): number => parts.filter((other) => other.startsWith(part)).length;
  const facts: [string, string][] = [
    ["family", family],
    ["learns", learns],
    ["needs", needs.join(", ") || "nothing beyond samples"],
    ["formula", formula],
    ["tangent", tangent ?? "none: no derivative inside"],
    ["stops", stops.join(", ") || "none"],
    ["optimum", optimum],
    ["times", JSON.stringify(timeLaw)],
    ["paper", paper ? `${paper.cite}, arXiv ${paper.arxiv} (source grade ${grade})` : `– (source grade ${grade})`],
  ];
  const width = Math.max(...facts.map(([key]) => key.length));
  return [
    `${label} (${name})`,
    ...facts.map(([key, value]) => `  ${key.padEnd(width)}  ${value}`),
    "",
    `Program of its value and gradient, u(x, s, t) = tanh(x·A + s·b + t·c), teacher v(x, t) = x·t, batch 4, dim 2:`,
    `  ${count("primal")} primal, ${count("tangent")} tangent, ${count("cotangent")} cotangent equations, ${count("cut")} cut`,
    program.print({ annotate: partOf }),
  ].join("\n");
}

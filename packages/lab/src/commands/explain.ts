import type { StopEffect } from "@pushforward/autodiff";
import { type AnyLoss, losses } from "@pushforward/losses";
import { DomainError, type Equation } from "@pushforward/tensor";
import type { Command } from "commander";
import { gradientWithout, lossProgram, samePlacement, stopEffects } from "../experiments/lossProgram.ts";
import { checkStops } from "../experiments/stops.ts";
import { print, printJson } from "./output.ts";
import { knownName } from "./trainingOptions.ts";

/** `pushforward explain <loss>` */
export function addExplain(program: Command): void {
  program
    .command("explain")
    .argument("<loss>", "name of a loss (pushforward losses lists them)")
    .option("--without-stops <labels>", "stop-gradients to switch off in the program, separated by commas")
    .option("--json", "print JSON alone on standard output")
    .description(
      "Show a loss: formula, paper, tangent, stop-gradients, and its program with primal, tangent, cotangent and cut marked.",
    )
    .action((given: string, options: { json?: boolean; withoutStops?: string }) => {
      const name = knownName(given, Object.keys(losses));
      if (!Object.hasOwn(losses, name)) {
        throw new DomainError(
          `explain: loss must be one of ${Object.keys(losses).join(", ")}, got ${JSON.stringify(given)}`,
        );
      }
      const loss: AnyLoss = losses[name as keyof typeof losses];
      const without = (options.withoutStops ?? "").split(",").filter((label) => label !== "");
      checkStops("explain", without, loss.stops);
      if (options.json) printJson(explanationJson(loss, without));
      else print(describeLoss(loss, without));
    });
}

/** Which part of the derivative an equation belongs to. */
export function partOf({ primitive, params, label }: Equation): string {
  if (primitive.name === "stopGradient") return `cut "${(params as { label: string }).label}"`;
  return label ?? "primal";
}

function explanationJson(loss: AnyLoss, without: readonly string[]): unknown {
  const { loss: _body, ...metadata } = loss;
  const { program } = lossProgram(loss, without);
  const parts = program.equations.map(partOf);
  const json = program.toJSON();
  return {
    ...metadata,
    withoutStops: without,
    ...(without.length > 0 ? { effect: gradientWithout(loss, without, Object.values(losses)) } : {}),
    stopEffects: stopEffects(loss),
    sameValue: samePlacement(loss, Object.values(losses)),
    program: { ...json, equations: json.equations.map((equation, i) => ({ ...equation, part: parts[i] })) },
  };
}

/** What a stop-gradient does to the gradient, in words. */
function effectLine(label: string, { sites, cutNorm, normWith, normWithout, cosine }: StopEffect): string {
  const show = (value: number): string => String(Number(value.toPrecision(3)));
  const places = sites === 1 ? "1 place" : `${sites} places`;
  const change =
    Math.abs(1 - cosine) < 1e-12 && Math.abs(normWith - normWithout) <= 1e-12 * normWith
      ? "without it alone nothing changes: what it stops is stopped elsewhere too, or is not learnt"
      : `without it the gradient is ${show(normWithout)} long, not ${show(normWith)}, at cosine ${show(cosine)}`;
  return `"${label}" at ${places} cuts ${show(cutNorm)}; ${change}`;
}

/** What the switched-off stop-gradients do together. */
function withoutLine(loss: AnyLoss, without: readonly string[]): string {
  const { normWith, normWithout, cosine, sameAs } = gradientWithout(loss, without, Object.values(losses));
  const show = (value: number): string => String(Number(value.toPrecision(3)));
  const isNamed = sameAs.length > 0 ? `, which is that of ${sameAs.join(", ")}` : "";
  return `${without.join(", ")}: the same value; a gradient ${show(normWithout)} long, not ${show(normWith)}, at cosine ${show(cosine)}${isNamed}`;
}

function describeLoss(loss: AnyLoss, without: readonly string[]): string {
  const { label, name, family, learns, needs, stops, optimum, paper, tangent, formula, timeLaw, weighting, grade } =
    loss;
  const { program } = lossProgram(loss, without);
  const effects = Object.entries(stopEffects(loss)).map(([stop, effect]) => effectLine(stop, effect));
  const same = samePlacement(loss, Object.values(losses));
  const parts = program.equations.map(partOf);
  const count = (part: string): number => parts.filter((other) => other.startsWith(part)).length;
  const facts: [string, string][] = [
    ["family", family],
    ["learns", learns],
    ["needs", needs.join(", ") || "nothing beyond samples"],
    ["formula", formula],
    ["tangent", tangent ?? "none: no derivative inside"],
    ["stops", stops.join(", ") || "none"],
    ...effects.map((line): [string, string] => ["", line]),
    ...(same.length > 0 ? [["same value", `${same.join(", ")}: stopped elsewhere`] as [string, string]] : []),
    ...(without.length > 0 ? [["off below", withoutLine(loss, without)] as [string, string]] : []),
    ["optimum", optimum],
    ["times", JSON.stringify(timeLaw)],
    ["weights", JSON.stringify(weighting)],
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

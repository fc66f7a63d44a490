import { type AnyLoss, losses, printFormula, struckFormula } from "@pushforward/losses";
import { DomainError, type Equation, quote } from "@pushforward/tensor";
import {
  chosenRecipe,
  explainRecipe,
  gradientWithout,
  isIdle,
  lossProgram,
  measured,
  type PlacementEffect,
  partOf,
  printVariant,
  programToSvg,
  type Spread,
  type StopFigures,
  samePlacement,
  stopEffects,
  stopLabel,
} from "@pushforward/training";
import type { Command } from "commander";
import { formatCount, formatScore } from "../report/formats.ts";
import { plainFormula } from "../report/plainFormula.ts";
import { formatSpread } from "../report/resultColumns.ts";
import { writeFileAtomic } from "../run/atomicFile.ts";
import { listOf, type NamedLoss, namedLoss } from "./namedLoss.ts";
import { print, printJson } from "./output.ts";

/** `pushforward explain <loss>` */
export function configureExplain(command: Command): void {
  command
    .argument(
      "<loss>",
      "name of a loss (pushforward losses lists them), a variant such as meanFlow@-target, the .json file of a recipe, or a module of your own",
    )
    .option("--without-stops <labels>", "stop-gradients to switch off in the program, separated by commas")
    .option("--json", "print JSON alone on standard output")
    .option("--svg <file>", "draw the program into an .svg file")
    .option("--expand <names>", "groups and stop-gradients to draw equation by equation, separated by commas")
    .action(async (given: string, options: ExplainOptions) => {
      const explained = await namedLoss("explain", given, options.withoutStops);
      drawProgram(explained, options);
      if (options.json) printJson(explanationJson(explained));
      else print(describeLoss(explained));
    });
}

interface ExplainOptions {
  readonly json?: boolean;
  readonly withoutStops?: string;
  readonly svg?: string;
  readonly expand?: string;
}

/** Writes the drawing of the program of a variant, if a file is named. */
function drawProgram({ loss, off }: NamedLoss, { svg, expand }: ExplainOptions): void {
  if (svg === undefined) {
    if (expand !== undefined) throw new DomainError("explain: --expand is for a drawing; name its file with --svg");
    return;
  }
  if (!/\.svg$/i.test(svg)) throw new DomainError(`explain: --svg must end in .svg, got ${quote(svg)}`);
  const title = `Program of ${loss.label} and its gradient`;
  writeFileAtomic(svg, programToSvg(lossProgram(loss, off).program, { title, expand: listOf(expand) }));
}

/** The part of the derivative that an equation belongs to; a stop-gradient with its label. */
function remarkOn(equation: Equation): string {
  const stop = stopLabel(equation);
  return stop === undefined ? partOf(equation) : `cut "${stop}"`;
}

function explanationJson({ loss, variant, off: without }: NamedLoss): unknown {
  const { loss: _body, ...metadata } = loss;
  const { program } = lossProgram(loss, without);
  const parts = program.equations.map(remarkOn);
  const json = program.toJSON();
  return {
    ...metadata,
    variant: printVariant(variant),
    formula: printFormula(loss.markedFormula, without),
    withoutStops: without,
    measured,
    ...(without.length > 0 ? { effect: gradientWithout(loss, without, Object.values(losses)) } : {}),
    stopEffects: stopEffects(loss),
    sameValue: samePlacement(loss, Object.values(losses)),
    program: { ...json, equations: json.equations.map((equation, i) => ({ ...equation, part: parts[i] })) },
  };
}

/** Mean ± standard deviation over the seeds, to three digits of the mean. */
const figure = (spread: Spread): string => formatSpread({ format: formatScore }, spread);

/** A changed gradient in words. */
const change = ({ lengthRatio, cosine }: PlacementEffect): string =>
  `the gradient is ${figure(lengthRatio)} times as long, at cosine ${figure(cosine)}`;

/** The effect of a stop-gradient on the gradient, in words. */
function effectLine(label: string, effect: StopFigures): string {
  const places = effect.sites === 1 ? "1 place" : `${effect.sites} places`;
  const without = isIdle(effect)
    ? "without it alone nothing changes: the same value is stopped elsewhere too, or is not learnt"
    : `without it ${change(effect)}`;
  return `"${label}" at ${places}: ${without}`;
}

/** The joint effect of the switched-off stop-gradients, in words. */
function withoutLine(loss: AnyLoss, without: readonly string[]): string {
  const effect = gradientWithout(loss, without, Object.values(losses));
  const isNamed = effect.sameAs.length > 0 ? `; this is the gradient of ${effect.sameAs.join(", ")}` : "";
  return `${without.join(", ")}: the value is the same, ${change(effect)}${isNamed}`;
}

/** A line of the facts of a loss; an empty name continues the row above. */
type Row = [name: string, text: string];

/** A list as rows under one name. */
const rowsOf = (name: string, lines: readonly string[]): Row[] => lines.map((line, i) => [i === 0 ? name : "", line]);

function stopRows(loss: AnyLoss, without: readonly string[]): Row[] {
  const effects = Object.entries(stopEffects(loss)).map(([stop, effect]) => effectLine(stop, effect));
  const same = samePlacement(loss, Object.values(losses));
  const { batch, seeds } = measured;
  return [
    ["stops", loss.stops.join(", ") || "none"],
    ...rowsOf("", effects),
    ...(effects.length > 0
      ? rowsOf("", [
          `(mean ± standard deviation over ${seeds} random networks u as below, ${formatCount(batch)} rows off s = t each)`,
        ])
      : []),
    ...(same.length > 0 ? rowsOf("same value", [`${same.join(", ")}: stopped elsewhere`]) : []),
    ...(without.length > 0 ? rowsOf("off below", [withoutLine(loss, without)]) : []),
  ];
}

/** The recipe of a variant, a line for each term. */
const recipeRows = ({ recipe, variant }: NamedLoss): Row[] =>
  rowsOf("recipe", explainRecipe(chosenRecipe(recipe, variant.settings)));

function factsOf(explained: NamedLoss): Row[] {
  const { loss, off: without } = explained;
  const { family, learns, needs, optimum, paper, tangent, grade, markedFormula } = loss;
  return [
    ["family", family],
    ["learns", learns],
    ["needs", needs.join(", ") || "nothing beyond samples"],
    ["formula", plainFormula(struckFormula(markedFormula, without))],
    ["tangent", tangent ?? "none: no derivative inside"],
    ...stopRows(loss, without),
    ["optimum", optimum],
    ...recipeRows(explained),
    ["paper", paper ? `${paper.cite}, arXiv ${paper.arxiv} (source grade ${grade})` : `– (source grade ${grade})`],
  ];
}

function describeLoss(explained: NamedLoss): string {
  const { loss, variant, off } = explained;
  const { program } = lossProgram(loss, off);
  const facts = factsOf(explained);
  const parts = program.equations.map(remarkOn);
  const count = (part: string): number => parts.filter((other) => other.startsWith(part)).length;
  const width = Math.max(...facts.map(([key]) => key.length));
  return [
    `${loss.label} (${printVariant(variant)})`,
    ...facts.map(([key, value]) => `  ${key.padEnd(width)}  ${value}`),
    "",
    `Program of its value and gradient, u(x, s, t) = tanh(x·A + s·b + t·c), teacher v(x, t) = x·t, batch 4, dim 2:`,
    `  ${count("primal")} primal, ${count("tangent")} tangent, ${count("cotangent")} cotangent equations, ${count("cut")} cut`,
    program.print({ annotate: remarkOn }),
  ].join("\n");
}

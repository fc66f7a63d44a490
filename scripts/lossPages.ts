/** The pages of the losses, docs/losses/<name>.md, and the tables that link to them, generated from the registry. */

import { existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import {
  isIdle,
  lossProgram,
  measured,
  programToSvg,
  type Spread,
  type StopFigures,
  samePlacement,
  stopEffects,
} from "@pushforward/training";
import { formatScore } from "../packages/lab/src/report/formats.ts";
import { formatSpread } from "../packages/lab/src/report/resultColumns.ts";
import { type AnyLoss, type LossName, losses } from "../packages/losses/src/index.ts";
import { departuresOf } from "./lossDepartures.ts";
import { recipeWords, shortWords } from "./lossRecipe.ts";
import { lossFolder, lossSource } from "./lossSource.ts";
import { symbolsOf } from "./lossSymbols.ts";
import { familyWords, gradeWords, learnsWords, needWords, optimumWords, valueWords } from "./lossWords.ts";
import { code, displayed, type Entry, inline, table } from "./markdown.ts";
import { paperLink } from "./registries.ts";
import { root } from "./workspace.ts";

/** Folder of the pages and pictures of the losses. */
export const pageFolder = join(root, "docs", "losses");

/** Every loss of the registry. */
export const allLosses: readonly AnyLoss[] = Object.values(losses);

const pageLink = (name: string): string => `[${code(name)}](${name}.md)`;

/** Names of losses that are not English words. */
const speaking = new Set<string>(Object.keys(losses).filter((name) => /[A-Z\d]/.test(name) || name.length < 5));

/** Names of other losses in a sentence as links. */
const linked = (text: string, own: string): string =>
  text.replaceAll(/(?<![\w`./])[a-z]\w+(?![\w`]|\.\w)/g, (word) =>
    speaking.has(word) && word !== own ? pageLink(word) : word,
  );

const paper = (loss: AnyLoss): string =>
  loss.paper ? `${paperLink(loss as unknown as Entry)}, arXiv ${loss.paper.arxiv}` : "no single paper";

/** The facts of the registry as a table. */
function facts(loss: AnyLoss): string {
  const { family, learns, needs, stops, tangent, optimum, grade } = loss;
  const [title, condition] = familyWords[family];
  const rows: [string, string][] = [
    ["family", `${title.toLowerCase()}: ${condition}`],
    ["learns", learnsWords[learns]],
    ["needs", needs.map((need) => `${code(need)}, ${needWords[need]}`).join("; ") || "samples only"],
    ["tangent of its jvp", tangent ?? "no derivative inside"],
    ["stop-gradients", stops.map(code).join(", ") || "none"],
    ["at the optimum", `${optimumWords[optimum]} (${code(optimum)})`],
    ["paper", paper(loss)],
    ["source grade", `${grade}: ${gradeWords[grade]}`],
  ];
  return table(rows, [
    ["", ([what]) => what],
    ["", ([, is]) => is],
  ]);
}

/** The body next to its formula. */
function sourceOf({ name }: AnyLoss): string {
  const { files, code: text, uses } = lossSource(name);
  const sourceLink = (each: string): string => `[${each}](../../${lossFolder}/${each})`;
  const used = Object.entries(uses).map(([from, words]) =>
    Object.hasOwn(losses, from)
      ? `${pageLink(from)} has its own page`
      : `${words.map(code).join(", ")} from ${sourceLink(from)}`,
  );
  return [
    `## Code`,
    `From ${files.map(sourceLink).join(" and ")}.`,
    `\`\`\`typescript\n${text}\n\`\`\``,
    ...(used.length > 0 ? [`Besides: ${used.join("; ")}.`] : []),
  ].join("\n\n");
}

/** The stopped value for each label of a stop-gradient. */
const stopWords: Readonly<Record<string, string>> = {
  target: "the target of the prediction",
  velocity: "the velocity that the map must follow",
  advection: "the derivative along the velocity",
  point: "the point at which a velocity is evaluated or a step starts",
  weight: "the weight of a sample",
  ratio: "the density ratio, or a function of it",
};

/** Mean ± standard deviation. */
const spread = (figure: Spread): string => formatSpread({ format: formatScore }, figure);

/** A stop-gradient: the stopped value, and the effect on a small network. */
function stopLine(label: string, effect: StopFigures): string {
  const words = stopWords[label];
  if (words === undefined)
    throw new Error(
      `${label}: stopWords of scripts/lossPages.ts must describe the value that this stop-gradient stops`,
    );
  const { sites, lengthRatio, cosine } = effect;
  const change = isIdle(effect)
    ? "alone it has no effect there, because the stopped value is also stopped elsewhere or does not depend on the student"
    : `without it the gradient is ${spread(lengthRatio)} times as long, at a cosine of ${spread(cosine)}`;
  return `- ${code(label)}, ${sites === 1 ? "in one place" : `in ${sites} places`}: ${words}; ${change}.`;
}

/** Entries with the same value: with the same formula, or with other stop-gradients. */
function alike({ formula, ...loss }: AnyLoss): string[] {
  const names = new Set(samePlacement({ formula, ...loss }, allLosses));
  const others = allLosses.filter(({ name }) => names.has(name));
  const isSame = (other: AnyLoss): boolean => formula.startsWith(other.formula) || other.formula.startsWith(formula);
  const links = (list: readonly AnyLoss[]): string => list.map(({ name }) => pageLink(name)).join(", ");
  const [same, moved] = [others.filter(isSame), others.filter((other) => !isSame(other))];
  return [
    ...(same.length > 0 ? [`The same formula, with another recipe: ${links(same)}.`] : []),
    ...(moved.length > 0 ? [`The same value, with other stop-gradients: ${links(moved)}.`] : []),
  ];
}

function stopsOf(loss: AnyLoss): string {
  const lines = Object.entries(stopEffects(loss)).map(([label, effect]) => stopLine(label, effect));
  const opening = `Mean and standard deviation over ${measured.seeds} random networks (the network of \`explain\`), each with ${measured.batch.toLocaleString("en")} rows off the diagonal s = t:`;
  const own = lines.length > 0 ? [opening, lines.join("\n")] : ["None: the gradient is the derivative of the value."];
  return ["## Stop-gradients", ...own, ...alike(loss)].join("\n\n");
}

/** The drawing of the program of a loss, a file beside its page. */
const graphFile = (name: string): string => `${name}.graph.svg`;

const graphTitle = ({ label }: AnyLoss): string => `Program of ${label} and its gradient`;

/** The drawing of the value and gradient on the small network of `explain`. */
function graphOf(loss: AnyLoss): string {
  const [words, image] = [
    "The value and its gradient on the network of `explain`, u(x, s, t) = tanh(x·A + s·b + t·c). Each call of a network is one box for each part of the derivative; letters are the values that `explain` prints.",
    `<img src="${graphFile(loss.name)}" alt="${graphTitle(loss)}">`,
  ];
  return ["## Program", words, image].join("\n\n");
}

/** Other entries of the same paper. */
function relatives({ name, paper: own }: AnyLoss): string[] {
  const others = allLosses.filter((each) => each.name !== name && each.paper?.arxiv === own?.arxiv && own);
  return others.length > 0 ? [`From the same paper: ${others.map((each) => pageLink(each.name)).join(", ")}.`] : [];
}

function commands({ name, stops }: AnyLoss): string {
  const command = (text: string): string => `npx --yes pnpm@10 pushforward ${text}`;
  return [
    "## Try it",
    [
      "```sh",
      command(`train ${name} --data eightGaussians`),
      command(`explain ${name}`),
      ...(stops.length > 0 ? [command(`explain ${name} --without-stops ${stops[stops.length - 1]}`)] : []),
      "```",
    ].join("\n"),
  ].join("\n\n");
}

/** The changes of `train` to the recipe. */
function presetOf(name: LossName): string {
  const changes = shortWords(name);
  const settings = "[settings](../lab.md#settings)";
  if (changes.length === 0) return `\`train\` uses this recipe unchanged, with both presets: ${settings}.`;
  const opening = `\`--preset paper\` keeps the recipe (${settings}). The default preset \`short\` suits small networks. Its changes:`;
  return `${opening}\n\n${changes.map((line) => `- ${line}`).join("\n")}`;
}

/** Where loss and recipe are not what their source says; nothing where they are. */
function departures(loss: AnyLoss): string[] {
  const departs = departuresOf(loss);
  return departs.length > 0 ? ["## Departures from the source", departs.map((line) => `- ${line}`).join("\n")] : [];
}

/** The picture, at the right side of the page. */
const picture = ({ name, label, learns }: AnyLoss): string =>
  `<img src="${name}.svg" alt="${learns === "velocity" ? "Samples by the ODE" : "One-step samples"} of ${label}, over the data" width="240" align="right">`;

/** The page of a loss. */
export function lossPage(loss: AnyLoss): string {
  const { name, label, formula } = loss;
  const { summary, notes, sources } = lossSource(name);
  const symbols = table(symbolsOf(loss), [
    ["symbol", ({ latex }) => inline(latex)],
    ["is", ({ is }) => is],
  ]);
  return `${[
    `# ${label}`,
    picture(loss),
    `${code(name)}. ${linked(summary, name)}`,
    displayed(formula),
    facts(loss),
    ...notes.map((note) => linked(note, name)),
    ...sources.map((source) => `Source: ${source}.`),
    "## Symbols",
    symbols,
    "Time and letters on every page: [conventions](../conventions.md#time-and-letters).",
    sourceOf(loss),
    graphOf(loss),
    stopsOf(loss),
    "## Meaning of the value",
    valueWords(loss).join(" "),
    "## Recipe",
    recipeWords(name as LossName)
      .map((line) => `- ${line}`)
      .join("\n"),
    presetOf(name as LossName),
    ...departures(loss),
    commands(loss),
    "## See also",
    [...relatives(loss), "[All losses](../losses.md#catalogue)."].join(" "),
  ].join("\n\n")}\n`;
}

/** Every page and every drawing by its file, and the files of the folder without a loss. */
export function lossPages(): { readonly pages: ReadonlyMap<string, string>; readonly strays: readonly string[] } {
  const pages = new Map(
    allLosses.flatMap((loss) => [
      [join(pageFolder, `${loss.name}.md`), lossPage(loss)],
      [join(pageFolder, graphFile(loss.name)), programToSvg(lossProgram(loss).program, { title: graphTitle(loss) })],
    ]),
  );
  const known = new Set<string>(allLosses.flatMap(({ name }) => [`${name}.md`, `${name}.svg`, graphFile(name)]));
  const present = existsSync(pageFolder) ? readdirSync(pageFolder) : [];
  return {
    pages,
    strays: present.filter((file) => !known.has(file)).map((file) => relative(root, join(pageFolder, file))),
  };
}

/** The losses by family, with links to their pages. */
export async function lossIndex(): Promise<string> {
  const codes = (names: readonly string[]): string => names.map(code).join(", ");
  const families = Object.entries(familyWords).filter(([family]) => allLosses.some((loss) => loss.family === family));
  return families
    .map(([family, [title, condition]]) => {
      const rows = table(
        allLosses.filter((loss) => loss.family === family),
        [
          ["loss", ({ name }) => `[${code(name)}](losses/${name}.md)`],
          ["known as", ({ label }) => label],
          ["learns", ({ learns }) => learns],
          ["needs", ({ needs }) => codes(needs)],
          ["stops", ({ stops }) => codes(stops)],
          ["optimum", ({ optimum }) => optimum],
          ["v of single samples", ({ conditionalVelocity }) => conditionalVelocity],
          ["paper", (loss) => paperLink(loss as unknown as Entry)],
          ["grade", ({ grade }) => grade],
        ],
      );
      return `### ${title}\n\n${condition[0].toUpperCase()}${condition.slice(1)}.\n\n${rows}`;
    })
    .join("\n\n");
}

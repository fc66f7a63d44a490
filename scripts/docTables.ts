/**
 * The tables that are generated from the code. A table stands in a page between `<!-- generated:NAME -->` and `<!-- /generated
 * -->`. A new table is an entry of `tables`.
 */
import { guideTables } from "./guideTables.ts";
import { lossIndex } from "./lossPages.ts";
import { displayed, type Entry, inline, table } from "./markdown.ts";
import { commentsIn, entriesOf, paperLink } from "./registries.ts";

const code = (key: string) => (entry: Entry) => `\`${entry[key]}\``;
const field = (key: string) => (entry: Entry) => entry[key];

async function primitives(): Promise<string> {
  const comments = commentsIn("packages/tensor/src/primitives");
  return table(entriesOf(await import("../packages/tensor/src/index.ts"), "primitives"), [
    ["primitive", code("name")],
    ["operands", field("arity")],
    ["elementwise", ({ kernel }) => (kernel ? "yes" : "")],
    ["computes", ({ name }) => comments.get(name as string)],
  ]);
}

async function rules(): Promise<string> {
  const formulas = commentsIn("packages/autodiff/src/rules");
  return table(entriesOf(await import("../packages/tensor/src/index.ts"), "primitives"), [
    ["primitive", code("name")],
    ["derivative", ({ name }) => formulas.get(name as string)],
  ]);
}

async function solvers(): Promise<string> {
  return table(entriesOf(await import("../packages/flows/src/index.ts"), "solvers"), [
    ["solver", code("name")],
    ["order", field("order")],
    ["solves", field("kind")],
    ["evaluations per step", field("cost")],
    ["published", ({ reference }) => (reference as { cite: string }).cite],
  ]);
}

async function losses(): Promise<string> {
  return table(entriesOf(await import("../packages/losses/src/index.ts"), "losses"), [
    ["loss", code("name")],
    ["known as", field("label")],
    ["family", field("family")],
    ["learns", field("learns")],
    ["needs", field("needs")],
    ["stops", field("stops")],
    ["tangent", field("tangent")],
    ["optimum", field("optimum")],
    ["paper", paperLink],
    ["grade", field("grade")],
  ]);
}

/** The per-sample value of every loss, as a list: a formula is too wide for a table. */
async function lossFormulas(): Promise<string> {
  const entries = entriesOf(await import("../packages/losses/src/index.ts"), "losses");
  return entries.map(({ name, formula }) => `- \`${name}\`: ${inline(String(formula))}`).join("\n");
}

async function networkTables(): Promise<string> {
  const module: object = await import("../packages/nn/src/index.ts");
  const names = ["activations", "embeddings", "initializers", "layers", "optimizers", "schedules"];
  return table(
    names.map((name) => ({ name, entries: Object.keys((module as Entry)[name] as object) })),
    [
      ["table", code("name")],
      ["entries", ({ entries }) => (entries as string[]).map((entry) => `\`${entry}\``)],
    ],
  );
}

type Laws = readonly Entry[];

/** The identity catalogue by subject. */
async function lawGroups(): Promise<[group: string, laws: Laws][]> {
  const { lawGroups: groups } = await import("../packages/verify/src/index.ts");
  return Object.entries(groups) as unknown as [string, Laws][];
}

/** A bound with its power of ten. */
const power = (key: string) => (entry: Entry) => Number(entry[key]).toExponential(0);

async function laws(): Promise<string> {
  const entries = (await lawGroups()).flatMap(([group, list]) => list.map((law) => ({ ...law, group })));
  return table(entries, [
    ["about", field("group")],
    ["law", code("name")],
    ["what holds", field("title")],
    ["bound", power("bound")],
    ["control counts above", power("controlBound")],
  ]);
}

/** Every law with its formula on separate lines, because a table cannot hold display formulas. */
async function lawFormulas(): Promise<string> {
  const section = ({ name, title, statement, formula, broken, source }: Entry): string =>
    [
      `### ${title}`,
      `\`${name}\`: ${statement}`,
      displayed(String(formula)),
      `Control: ${broken}.${source ? ` Source: ${source}.` : ""}`,
    ].join("\n\n");
  const groups = await lawGroups();
  return groups.map(([group, list]) => [`## ${group}`, ...list.map(section)].join("\n\n")).join("\n\n");
}

/** The emitted source of MeanFlow, as the command writes it. */
async function exportedLoss(): Promise<string> {
  const { exportLoss } = await import("../packages/export/src/index.ts");
  const { losses: all, struckFormula } = await import("../packages/losses/src/index.ts");
  const { plainFormula } = await import("../packages/lab/src/report/plainFormula.ts");
  const formula = plainFormula(struckFormula(all.meanFlow.markedFormula, []));
  return ["```python", exportLoss(all.meanFlow, { to: "jax", formula }).trimEnd(), "```"].join("\n");
}

/** Every generated table by its name in the markers. */
export const tables: Record<string, () => Promise<string>> = {
  primitives,
  rules,
  solvers,
  losses,
  lossFormulas,
  lossIndex,
  networkTables,
  laws,
  lawFormulas,
  exportedLoss,
  ...guideTables,
};

/** The tables of the guides in docs/, generated from registries. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { interpolants } from "../packages/flows/src/index.ts";
import type { weightings } from "../packages/losses/src/index.ts";
import type { Figure, Metric, Setting, SettingTable } from "../packages/training/src/index.ts";
import { departureTable } from "./lossDepartures.ts";
import { code, type Entry, inline, table } from "./markdown.ts";
import { commentsIn } from "./registries.ts";
import { root } from "./workspace.ts";

const codes = (names: readonly string[]): string => names.map(code).join(", ");

/** The operations by the file that defines them; each is also a method. */
async function operations(): Promise<string> {
  const { ops } = await import("../packages/tensor/src/ops/index.ts");
  const families = [
    "arithmetic",
    "transcendental",
    "comparison",
    "reduction",
    "contraction",
    "convolution",
    "einsum",
    "structural",
    "joining",
  ];
  const rows = await Promise.all(
    [...families, "iota", "indexing", "conversion"].map(async (family) => {
      const module = (await import(`../packages/tensor/src/ops/${family}.ts`)) as Entry;
      const names = Object.keys(ops).filter((name) => Object.values(module).includes(ops[name as keyof typeof ops]));
      const isListed = new Set(names.map((name) => ops[name as keyof typeof ops]));
      const alone = Object.keys(module).filter((name) => typeof module[name] === "function" && name in tensorExports);
      return { family, names, alone: alone.filter((name) => !isListed.has(module[name] as never)) };
    }),
  );
  return table(rows, [
    ["family", ({ family }) => family],
    ["functions and methods", ({ names }) => codes(names.sort())],
    ["functions only", ({ alone }) => codes(alone.sort())],
  ]);
}

const tensorExports: Entry = await import("../packages/tensor/src/index.ts");

/** The kinds of a union of laws with their comments and the names of their settings. */
function lawsOf(source: string, type: string) {
  const start = source.indexOf(`export type ${type}`);
  const text = source.slice(start, source.indexOf(";\n\n", start));
  const parts = text.split(/\/\*\*/).slice(1);
  return parts.map((part) => {
    const [comment, body] = part.split("*/");
    const outer = body.slice(body.indexOf("{") + 1).replaceAll(/\{[^{}]*\}/g, "");
    const settings = Array.from(
      outer.matchAll(/readonly (\w+)(\?)?:/g),
      ([, name, optional]) => name + (optional ?? ""),
    );
    return {
      kind: String(/kind: "(\w+)"/.exec(body)?.[1]),
      comment: comment.replaceAll(/\s*\n\s*\*?\s*/g, " ").trim(),
      settings: settings.filter((name) => name !== "kind"),
    };
  });
}

/** The laws of times: kinds of the registry with the comments and settings of their types. */
async function timeLaws(): Promise<string> {
  const { pairLaws, middleLaws } = await import("../packages/losses/src/index.ts");
  const source = readFileSync(join(root, "packages/losses/src/timeLaws.ts"), "utf8");
  const kinds = lawsOf(source, "PairLaw");
  const missing = Object.keys(pairLaws).filter((name) => !kinds.some(({ kind }) => kind === name));
  if (missing.length > 0)
    throw new Error(`packages/losses/src/sampleTimes.ts must describe ${missing.join(", ")} in a comment above each`);
  const pairs = table(kinds, [
    ["kind", ({ kind }) => code(kind)],
    ["settings", ({ settings }) => codes(settings)],
    ["times", ({ comment }) => comment],
  ]);
  const starts = table(lawsOf(source, "StartLaw"), [
    ["law of one time", ({ kind }) => code(kind)],
    ["settings", ({ settings }) => codes(settings)],
    ["time", ({ comment }) => comment],
  ]);
  return `${pairs}\n\n\`start\` and \`end\` are laws of one time:\n\n${starts}\n\nIn addition, \`middle\` draws r between s and t, by one of ${codes(Object.keys(middleLaws))}, whose \`fraction\` is a number or its course in a training (\`{ kind: "exponential", from, to }\` or \`{ kind: "sigmoid", from, to, gamma, snap? }\`) and whose \`decrement\`, of \`noiseDecrement\`, is the constant by which the noise level (1 − r)/r lies below that of s; \`delta\` is a fixed step; \`margin\` maps s and t linearly into [margin, 1 − margin].`;
}

/** The terms of each recipe. */
async function recipes(): Promise<string> {
  const module = await import("../packages/losses/src/index.ts");
  const terms = (recipe: (typeof module.recipes)["meanFlow"]): string =>
    recipe.terms
      .map(({ loss, fraction, timeLaw, weighting }) => {
        const part = fraction === 1 ? "" : `${Number((100 * fraction).toPrecision(3))} % `;
        return `${part}\`${loss.name}\` at \`${timeLaw.kind}\`${weighting.kind === "none" ? "" : `, weighting ${weighting.kind}`}`;
      })
      .join(" + ");
  return table(Object.values(module.recipes), [
    ["recipe", ({ name }) => code(name)],
    ["terms", terms],
    ["velocity", ({ terms: [...all] }) => all[all.length - 1].velocity],
    ["solver of the teacher", ({ solver }) => solver],
    [
      "average of targets",
      ({ emaDecay, emaSchedule, terms: all }) =>
        all.some(({ loss }) => (loss.needs as readonly string[]).includes("ema"))
          ? `${emaDecay}${emaSchedule === "adaptive" ? ", growing" : ""}`
          : "",
    ],
  ]);
}

/** Training in alternation, for recipes with auxiliary networks; recipes with equal settings stand in one row. */
async function alternations(): Promise<string> {
  const { recipes: all } = await import("../packages/losses/src/index.ts");
  const places = (starts: readonly number[]): string => starts.map((s) => String(Number(s.toPrecision(3)))).join(", ");
  const rows = Object.values(all).flatMap(({ name, init, terms, fakeVelocity, critic }) => {
    if (!fakeVelocity && !critic) return [];
    const { timeLaw, start } = terms[terms.length - 1];
    const from = timeLaw.kind === "starts" ? places(timeLaw.starts) : "any";
    const seenStart = fakeVelocity?.seesStart ? ", with s" : "";
    const pull = fakeVelocity?.pull ? `, pulled by ${fakeVelocity.pull}` : "";
    const cells = {
      starts: from,
      points: { data: "noise and data", noise: "noise", student: "own samples", trajectory: "the teacher's points" }[
        start
      ],
      init: init === "teacher" ? "the teacher" : "velocity 0",
      psi: fakeVelocity ? `${fakeVelocity.updates}${seenStart}${pull}` : "",
      critic: critic ? String(critic.updates) : "",
    };
    return [{ name, cells }];
  });
  const groups = [...new Set(rows.map(({ cells }) => JSON.stringify(cells)))].map((cells) => ({
    names: codes(rows.filter((row) => JSON.stringify(row.cells) === cells).map(({ name }) => name)),
    ...(JSON.parse(cells) as (typeof rows)[number]["cells"]),
  }));
  return table(groups, [
    ["recipes", ({ names }) => names],
    ["start times s", ({ starts }) => starts],
    ["X_s from", ({ points }) => points],
    ["initial student", ({ init }) => init],
    ["updates of ψ", ({ psi }) => psi],
    ["updates of the critic", ({ critic }) => critic],
  ]);
}

/** The subcommands, with the words of the command's help. */
async function commandTable(): Promise<string> {
  const { commands } = await import("../packages/lab/src/commands/index.ts");
  return table(commands, [
    ["command", (command) => code([command.name, command.arguments ?? ""].join(" ").trim())],
    ["what it does", ({ description }) => description],
  ]);
}

/** The embedded problems, with the sentence of the reports. */
async function problems(): Promise<string> {
  const { builtinProblems } = await import("../packages/training/src/index.ts");
  const made = Object.values(builtinProblems).map((make) => make());
  return table(made, [
    ["problem", ({ name }) => code(name)],
    ["data", ({ description }) => description],
    ["exact map", ({ exact }) => (exact ? "yes" : "")],
  ]);
}

/** The metrics that samplers are judged by. */
async function metricTable(): Promise<string> {
  const { metrics } = await import("../packages/training/src/index.ts");
  return table(Object.entries(metrics as Readonly<Record<string, Metric>>), [
    ["metric", ([, { title }]) => title],
    ["key in JSON", ([key]) => code(key)],
    ["formula", ([, { formula }]) => inline(formula)],
    ["what it is", ([, { meaning }]) => meaning],
    [
      "for",
      ([, { needs, where }]) =>
        where?.words ?? (needs.includes("exactMap") ? "problems with a known exact flow map" : "all problems"),
    ],
  ]);
}

/** The settings of runs by what they are about, each from its row. */
async function settings(): Promise<string> {
  const { allSettings, studySettings } = await import("../packages/lab/src/settings/runSettings.ts");
  const { optionName } = await import("../packages/lab/src/settings/optionName.ts");
  const { allowedOf, defaultOf } = await import("../packages/training/src/index.ts");
  const ofStudy: SettingTable = studySettings;
  const defaults = (name: string, setting: Setting): string => {
    const [plain, study] = [setting, ofStudy[name] ?? setting].map((each) => String(defaultOf(each) ?? ""));
    const ofAll = plain === "" ? "" : code(plain);
    return plain === study ? ofAll : `${ofAll}${ofAll && ", "}of a study ${code(study)}`;
  };
  const rows = Object.entries(allSettings).filter(([, { argument }]) => argument !== null);
  const groups = [...new Set(rows.map(([, { group }]) => group))];
  const tables = groups.map((group) =>
    table(
      rows.filter(([, setting]) => setting.group === group),
      [
        ["option", ([name]) => code(optionName(name))],
        ["default", ([name, setting]) => defaults(name, setting)],
        ["allowed", ([, setting]) => allowedOf(setting)],
        ["what", ([, { text }]) => text],
      ],
    ),
  );
  return tables.map((rowsOfGroup, i) => `**${groups[i]}**\n\n${rowsOfGroup}`).join("\n\n");
}

/** Each weighting as a function of ‖e‖². A new weighting does not compile without its formula in this table. */
const weightingFormulas: Record<keyof typeof weightings, string> = {
  none: String.raw`\lVert e \rVert^2`,
  adaptive: String.raw`\mathrm{sg}\left[(\lVert e \rVert^2 + c)^{-p}\right] \lVert e \rVert^2`,
  pseudoHuber: String.raw`\sqrt{\lVert e \rVert^2 + c^2} - c`,
  learned: String.raw`e^{-\omega(s, t)} \lVert e \rVert^2 + \omega(s, t)`,
  truncatedSnr: String.raw`\max\left((1 - s)^2, s^2\right) \lVert e \rVert^2`,
  trigFlow: String.raw`\left(\sigma_d^2 s^2 + (1 - s)^2\right) \lVert e \rVert^2`,
  denoising: String.raw`\left(\tfrac{s^2}{(1 - s)^2} + \tfrac{1}{\sigma_d^2}\right) \lVert e \rVert^2`,
};

const weightingTable = async (): Promise<string> =>
  table(Object.entries(weightingFormulas), [
    ["weighting", ([name]) => code(name)],
    ["value of a sample", ([, formula]) => inline(formula)],
  ]);

/** Coefficients of data and noise on the clock τ. A new path does not compile without its coefficients in this table. */
const interpolantFormulas: Record<keyof typeof interpolants, readonly [alpha: string, sigma: string, note: string]> = {
  linear: [String.raw`\tau`, String.raw`1 - \tau`, "the path of this project, with the clock t"],
  trigonometric: [
    String.raw`\sin \tfrac{\pi \tau}{2}`,
    String.raw`\cos \tfrac{\pi \tau}{2}`,
    "`trigFlow(sd)` for another deviation of the noise",
  ],
  variancePreserving: [
    String.raw`e^{-\frac{1}{4} u^2 (\beta_1 - \beta_0) - \frac{1}{2} u \beta_0}`,
    String.raw`\sqrt{1 - \alpha^2}`,
    "u = 1 − τ, β from 0.1 to 20; at τ = 0 the coefficient of the data is not exactly 0",
  ],
  edm: ["1", String.raw`\tfrac{1 - \tau}{\tau}`, "noise levels σ from ∞ down to 0 on the clock 1/(1 + σ)"],
};

const interpolantTable = async (): Promise<string> =>
  table(Object.entries(interpolantFormulas), [
    ["path", ([name]) => code(name)],
    ["data", ([, [alpha]]) => inline(alpha)],
    ["noise", ([, [, sigma]]) => inline(sigma)],
    ["note", ([, [, , note]]) => note],
  ]);

/** The figures that are observed inside trainings. */
async function observedFigures(): Promise<string> {
  const { figures } = await import("../packages/training/src/index.ts");
  return table(Object.entries(figures as Readonly<Record<string, Figure>>), [
    ["key", ([name]) => code(name)],
    ["figure", ([, { title }]) => title],
    ["what it is", ([, { meaning }]) => meaning],
  ]);
}

/** The backends of compile, the default first. */
async function backendTable(): Promise<string> {
  const { allBackends } = await import("../packages/tensor/src/backends/index.ts");
  const comments = commentsIn("packages/tensor/src/backends");
  return table(Object.keys(allBackends), [
    ["backend", (name) => code(name)],
    ["is", (name) => comments.get(name)],
  ]);
}

/** Every table of the guides by its name in the markers. */
export const guideTables: Record<string, () => Promise<string>> = {
  operations,
  timeLaws,
  departures: async () => departureTable(),
  recipes,
  alternations,
  commandTable,
  problems,
  metricTable,
  observedFigures,
  settings,
  weightingTable,
  interpolantTable,
  backendTable,
};

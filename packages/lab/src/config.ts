import { type FlowMapForm, flowMapForms } from "@pushforward/flows";
import { activations } from "@pushforward/nn";
import {
  allBackends,
  type BackendName,
  csvSeparators,
  DomainError,
  defaultBackend,
  didYouMean,
  mustBeOneOf,
  quote,
  separatorOf,
  shorten,
} from "@pushforward/tensor";
import { z } from "zod";
import { problemNames } from "./problems/index.ts";
import { dataEndings } from "./problems/table.ts";
import { objectiveNames } from "./training/objectives.ts";
import { teacherObjective } from "./training/teacher.ts";

/** A whole number between two bounds. */
function whole(low: number, high: number) {
  const error = `must be a whole number from ${low} to ${high}`;
  return z.number({ error }).int({ error }).min(low, { error }).max(high, { error });
}

/** A number in an interval, which the words describe. */
function real(words: string, isInside: (value: number) => boolean) {
  const error = `must be a number ${words}`;
  return z.number({ error }).refine(isInside, { error });
}

/** One of some names. */
const oneOf = <Name extends string>(names: readonly Name[]) => z.enum(names as unknown as [Name, ...Name[]]);

function text(error: string) {
  return z.string({ error }).min(1, { error });
}

const labelsError = "must be a list of labels of stop-gradients";
const separatorError = `must be ${Object.keys(csvSeparators).join(", ")} or one character that is no part of a number`;
const columnsError = "must be a list of column names, patterns or indices";

/** Settings that every training shares, with the limits in which they make sense on one machine. */
const sharedSettings = {
  /** An embedded problem's name, or the path of a file of numbers. */
  data: text(`must name an embedded problem or a ${dataEndings} file`),
  /** Digest of the file when the run began: a file that changed since is refused. */
  dataSha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, { error: "must be 64 hexadecimal digits" })
    .optional(),
  /** Columns of the file, by name, pattern or index; all by default, without an index that has no name. */
  columns: z.array(text(columnsError), { error: columnsError }).min(1, { error: columnsError }).optional(),
  /** The array of an .npz file; by default its only one. */
  array: text("must name an array of the .npz file").optional(),
  /** Whether the first row of a text file names the columns; by default its cells decide, or the run is refused. */
  header: oneOf(["yes", "no"]).optional(),
  /** What separates the cells of a text file; by default what explains its first rows best. */
  separator: text(separatorError)
    .refine((value) => separatorOf(value) !== undefined, { error: separatorError })
    .optional(),
  /** The mark before the fraction of a number in a text file; by default a point, or a comma where none separates cells. */
  decimal: oneOf(["point", "comma"]).optional(),
  /** What becomes of rows in which a chosen number is missing; by default the run is refused. */
  missing: oneOf(["refuse", "drop"]).optional(),
  /** Share of a file's rows that training never sees. */
  heldOut: real("from 0.01 to 0.9", (x) => x >= 0.01 && x <= 0.9).default(0.2),
  steps: whole(1, 10_000_000).default(5000),
  /** Steps of the velocity teacher, for losses that distil one. */
  teacherSteps: whole(1, 10_000_000).default(5000),
  batch: whole(1, 65_536).default(256),
  /** Width of the hidden layers; by default it follows the number of columns. */
  width: whole(1, 4096).optional(),
  depth: whole(1, 16).default(3),
  activation: oneOf(Object.keys(activations) as (keyof typeof activations)[]).default("silu"),
  learningRate: real("above 0, at most 1", (x) => x > 0 && x <= 1).default(4e-3),
  /** Decay of the averaged parameters that are evaluated. */
  ema: real("from 0 to 0.99999", (x) => x >= 0 && x <= 0.99999).default(0.99),
  /** Settings for short trainings of small networks, or those of each paper; the next ones override it one by one. */
  preset: oneOf(["short", "paper"]).default("short"),
  /** What terms regress on: the recipe's own choice, the teacher, or single samples. */
  velocity: oneOf(["recipe", "teacher", "conditional"]).optional(),
  /** Times that terms draw: the recipe's own law, or uniform ones. */
  times: oneOf(["recipe", "uniform"]).optional(),
  /** Share of the batch with t ≠ s, for recipes that mix. */
  offDiagonal: real("above 0, at most 1", (x) => x > 0 && x <= 1).optional(),
  /** Decay of the averaged parameters that targets use. */
  targetEma: real("from 0 to 0.99999", (x) => x >= 0 && x <= 0.99999).optional(),
  /** Power of adaptive weights, for recipes that have them. */
  adaptivePower: real("from 0 to 2", (x) => x >= 0 && x <= 2).optional(),
  /** The student's learning rate over that of the training, where other networks learn along. */
  studentRate: real("above 0, at most 1", (x) => x > 0 && x <= 1).optional(),
  /** Updates of the samples' own velocity before each of the student's, where it learns along. */
  fakeUpdates: whole(1, 100).optional(),
  /** Updates of the critic before each of the student's, where one learns along. */
  criticUpdates: whole(1, 100).optional(),
  /** What the network stands for, where the losses leave that open: the average velocity itself, or what others are made of. */
  form: oneOf(Object.keys(flowMapForms) as FlowMapForm[]).optional(),
  /** Steps over which a warm-up grows, for recipes that have one. */
  warmupSteps: whole(1, 10_000_000).optional(),
  /** Which noise goes with which data: drawn apart, or rectified by the teacher's flow (reflow). */
  pairs: oneOf(["independent", "rectified"]).optional(),
  /** Stop-gradients of the loss that are switched off, by label. */
  withoutStops: z.array(text(labelsError), { error: labelsError }).min(1, { error: labelsError }).optional(),
  /** Whether weights of the times are learnt along, for recipes that have them. */
  learnedWeights: oneOf(["recipe", "off"]).optional(),
  /** The velocity that losses distil: learnt before, or the exact one of a problem that knows it; what starts from a learnt one distils that. */
  teacherVelocity: oneOf(["learnt", "exact"]).optional(),
  /** Folder of a teacher trained before, relative to the run's folder; by default the run trains its own. */
  teacher: text("must be the folder of a teacher").optional(),
  seed: whole(0, 2 ** 31 - 1).default(0),
  /** float32 to train, float64 to verify. */
  dtype: oneOf(["float32", "float64"]).default("float32"),
  /** What runs compiled programs; part of the run, since backends round differently. */
  backend: oneOf(Object.keys(allBackends) as BackendName[]).prefault(() => defaultBackend() as BackendName),
  /** Steps between lines of metrics.jsonl. */
  logEvery: whole(1, 1_000_000).default(10),
  /** Steps between checkpoints. */
  checkpointEvery: whole(1, 1_000_000).default(250),
};

/** What a comparison can train: everything but the teacher, which it trains anyway. */
export const comparedNames: readonly string[] = objectiveNames.filter((name) => name !== teacherObjective.name);

const differing = "must all be different, since each gets a folder of its name";

/** One training: what `config.json` of a run holds. */
const trainSchema = z.strictObject({ kind: z.literal("train"), loss: oneOf(objectiveNames), ...sharedSettings });

/** Different names out of some, at least one. */
const namesOf = (names: readonly string[], one: string, many: string) =>
  z
    .array(oneOf(names), { error: `must be a list of ${many}` })
    .min(1, { error: `must name at least one ${one}` })
    .refine((chosen) => new Set(chosen).size === chosen.length, { error: differing });

/** Several losses on one problem. */
const compareSchema = z.strictObject({
  kind: z.literal("compare"),
  losses: namesOf(comparedNames, "loss", "losses"),
  ...sharedSettings,
});

const {
  data: _data,
  dataSha256: _digest,
  columns: _columns,
  array: _array,
  header: _header,
  separator: _separator,
  decimal: _decimal,
  missing: _missing,
  heldOut: _heldOut,
  teacher: _teacher,
  ...studied
} = sharedSettings;

/** Problems of a study: a Gaussian and a mixture whose maps are known, and a law with edges. */
export const studyProblems = ["gaussian", "eightGaussians", "checkerboard"];

/** Many losses on several embedded problems with several seeds each: short trainings, of which nothing is kept but figures. */
const studySchema = z.strictObject({
  kind: z.literal("study"),
  losses: namesOf(comparedNames, "loss", "losses").prefault(() => [...comparedNames]),
  problems: namesOf(problemNames, "problem", "embedded problems").prefault(() => [...studyProblems]),
  /** Trainings of each loss on each problem, which differ in their seed alone: `seed`, `seed` + 1 … */
  seeds: whole(1, 1000).default(3),
  ...studied,
  steps: studied.steps.unwrap().default(1200),
  teacherSteps: studied.teacherSteps.unwrap().default(2500),
  teacherVelocity: studied.teacherVelocity.unwrap().default("exact"),
  logEvery: studied.logEvery.unwrap().default(50),
  checkpointEvery: studied.checkpointEvery.unwrap().default(1000),
});

/** Settings of one training. */
export type TrainConfig = z.output<typeof trainSchema>;

/** Settings of a comparison. */
export type CompareConfig = z.output<typeof compareSchema>;

/** Settings of a study. */
export type StudyConfig = z.output<typeof studySchema>;

/** What the folder of a run holds the settings of. */
export type RunConfig = TrainConfig | CompareConfig | StudyConfig;

/** How a message calls a setting: by its name in config.json, or by the option that a person typed. */
export type Naming = (setting: string) => string;

/** Settings that are no options: what is trained stands in the command itself. */
const unlisted = ["kind", "loss", "losses"];

/** Settings that do not exist, with those that may be meant. */
const unknownSettings = (unknown: readonly string[], known: readonly string[]): string => {
  const some = `; there are ${known.slice(0, 8).join(", ")}, … (${known.length} in all, see docs/lab.md)`;
  const told = unknown.slice(0, 4).map((name) => `unknown setting ${shorten(name)}${didYouMean(name, known) || some}`);
  return [...told, ...(unknown.length > 4 ? [`${unknown.length} unknown settings in all`] : [])].join("; ");
};

/** Names a bad value or key, with what is allowed. */
function explainIssue(issue: z.core.$ZodIssue, settingNames: readonly string[], nameOf: Naming): string {
  const [setting, ...place] = issue.path;
  const name = [nameOf(String(setting)), ...place].join(".");
  const got = `got ${issue.input === undefined ? "nothing" : quote(issue.input)}`;
  switch (issue.code) {
    case "unrecognized_keys":
      return unknownSettings(issue.keys.map(nameOf), settingNames.map(nameOf));
    case "invalid_value":
      return issue.input === undefined
        ? `${name} must be given, ${got}`
        : `${name} ${mustBeOneOf(issue.input, issue.values.map(String), setting === "loss" || setting === "losses" ? "pushforward losses lists them" : undefined)}`;
    default:
      return issue.path.length === 0 ? `must be a JSON object of settings, ${got}` : `${name} ${issue.message}, ${got}`;
  }
}

const namesOfSettings = (schema: z.ZodObject): string[] =>
  Object.keys(schema.shape).filter((name) => !unlisted.includes(name));

/** Names of the settings of one training. */
export const trainSettings: readonly string[] = namesOfSettings(trainSchema);

function parse<Schema extends z.ZodObject>(schema: Schema, value: unknown, nameOf: Naming): z.output<Schema> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const names = namesOfSettings(schema);
  const messages = new Set(result.error.issues.map((issue) => explainIssue(issue, names, nameOf)));
  throw new DomainError(`config: ${[...messages].join("; ")}`);
}

const asIs: Naming = (setting) => setting;

/**
 * Validates the settings of one training and fills in defaults.
 *
 * @throws DomainError that names the setting, what is allowed and what came
 */
export const parseTrainConfig = (value: unknown, nameOf: Naming = asIs): TrainConfig =>
  parse(trainSchema, value, nameOf);

/** Validates the settings of a comparison and fills in defaults. */
export const parseCompareConfig = (value: unknown, nameOf: Naming = asIs): CompareConfig =>
  parse(compareSchema, value, nameOf);

/** Validates the settings of a study and fills in defaults. */
export const parseStudyConfig = (value: unknown, nameOf: Naming = asIs): StudyConfig =>
  parse(studySchema, value, nameOf);

/** Validates whatever a run folder holds. */
export function parseRunConfig(value: unknown): RunConfig {
  const kind = (value as { kind?: unknown } | null)?.kind;
  if (kind === "study") return parseStudyConfig(value);
  if (kind === "compare") return parseCompareConfig(value);
  if (kind === undefined || kind === "train") return parseTrainConfig(value);
  throw new DomainError(`config: kind must be one of train, compare, study, got ${quote(kind)}`);
}

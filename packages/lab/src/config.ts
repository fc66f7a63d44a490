import { csvSeparators, DomainError, quote, separatorOf } from "@pushforward/tensor";
import {
  type Naming,
  namesOfSettings,
  objectiveNames,
  oneOf,
  parseSettings,
  problemNames,
  real,
  schemasOf,
  teacherObjective,
  text,
  trainingSettings,
  whole,
} from "@pushforward/training";
import { z } from "zod";
import { dataEndings } from "./problems/table.ts";

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
  ...schemasOf(trainingSettings),
  /** Folder of a teacher trained before, relative to the run's folder; by default the run trains its own. */
  teacher: text("must be the folder of a teacher").optional(),
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

/** Names of the settings of one training. */
export const trainSettings: readonly string[] = namesOfSettings(trainSchema);

/**
 * Validates the settings of one training and fills in defaults.
 *
 * @throws DomainError that names the setting, what is allowed and what came
 */
export const parseTrainConfig = (value: unknown, nameOf?: Naming): TrainConfig =>
  parseSettings(trainSchema, value, nameOf);

/** Validates the settings of a comparison and fills in defaults. */
export const parseCompareConfig = (value: unknown, nameOf?: Naming): CompareConfig =>
  parseSettings(compareSchema, value, nameOf);

/** Validates the settings of a study and fills in defaults. */
export const parseStudyConfig = (value: unknown, nameOf?: Naming): StudyConfig =>
  parseSettings(studySchema, value, nameOf);

/** Validates whatever a run folder holds. */
export function parseRunConfig(value: unknown): RunConfig {
  const kind = (value as { kind?: unknown } | null)?.kind;
  if (kind === "study") return parseStudyConfig(value);
  if (kind === "compare") return parseCompareConfig(value);
  if (kind === undefined || kind === "train") return parseTrainConfig(value);
  throw new DomainError(`config: kind must be one of train, compare, study, got ${quote(kind)}`);
}

import { activations } from "@pushforward/nn";
import { DomainError } from "@pushforward/tensor";
import { z } from "zod";
import { objectiveNames } from "./training/objectives.ts";

const count = (low: number, high: number) => z.coerce.number().int().min(low).max(high);

/** Settings that every training shares, with the limits in which they make sense on one machine. */
const sharedSettings = {
  /** An embedded problem's name, or a .csv or .npy file. */
  data: z.string().min(1),
  /** Columns of the file, by name or index; all by default. */
  columns: z.array(z.string().min(1)).min(1).optional(),
  /** Share of a file's rows that training never sees. */
  heldOut: z.coerce.number().min(0.01).max(0.9).default(0.2),
  steps: count(1, 10_000_000).default(2000),
  /** Steps of the velocity teacher, for losses that distil one. */
  teacherSteps: count(1, 10_000_000).default(2000),
  batch: count(1, 65_536).default(256),
  width: count(1, 4096).default(64),
  depth: count(1, 16).default(3),
  activation: z.enum(Object.keys(activations) as [keyof typeof activations]).default("silu"),
  learningRate: z.coerce.number().positive().max(1).default(2e-3),
  /** Decay of the averaged parameters that are evaluated. */
  ema: z.coerce.number().min(0).max(0.99999).default(0.99),
  /** What terms regress on: the recipe's own choice, the teacher, or single samples. */
  velocity: z.enum(["recipe", "teacher", "conditional"]).default("recipe"),
  /** Times that terms draw: the recipe's own law, or uniform ones, which suit small problems and short trainings. */
  times: z.enum(["recipe", "uniform"]).default("recipe"),
  /** Share of the batch with t ≠ s, for recipes that mix; their own by default. */
  offDiagonal: z.coerce.number().gt(0).max(1).optional(),
  /** Decay of the averaged parameters that targets use; the recipe's own by default. */
  targetEma: z.coerce.number().min(0).max(0.99999).optional(),
  /** Folder of a teacher trained before, relative to the run's folder; by default the run trains its own. */
  teacher: z.string().min(1).optional(),
  seed: count(0, 2 ** 31 - 1).default(0),
  /** float32 to train, float64 to verify. */
  dtype: z.enum(["float32", "float64"]).default("float32"),
  /** Steps between lines of metrics.jsonl. */
  logEvery: count(1, 1_000_000).default(10),
  /** Steps between checkpoints. */
  checkpointEvery: count(1, 1_000_000).default(250),
};

const lossName = z.enum(objectiveNames as unknown as [string, ...string[]]);

/** One training: what `config.json` of a run holds. */
const trainSchema = z.strictObject({ kind: z.literal("train"), loss: lossName, ...sharedSettings });

/** Several losses on one problem. */
const compareSchema = z.strictObject({
  kind: z.literal("compare"),
  losses: z.array(lossName).min(1),
  ...sharedSettings,
});

/** Settings of one training. */
export type TrainConfig = z.output<typeof trainSchema>;

/** Settings of a comparison. */
export type CompareConfig = z.output<typeof compareSchema>;

/** What a person may leave out. */
export type TrainInput = z.input<typeof trainSchema>;
export type CompareInput = z.input<typeof compareSchema>;

const settingNames = Object.keys(trainSchema.shape);

/** Names a bad value or key, with what is allowed. */
function explainIssue(issue: z.core.$ZodIssue): string {
  const path = issue.path.join(".");
  if (issue.code === "unrecognized_keys")
    return `unknown setting ${issue.keys.join(", ")}; there are ${settingNames.join(", ")}`;
  if (issue.code === "invalid_value")
    return `${path} must be one of ${issue.values.join(", ")}, got ${JSON.stringify(issue.input)}`;
  return `${path}: ${issue.message}, got ${JSON.stringify(issue.input)}`;
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  throw new DomainError(`config: ${result.error.issues.map(explainIssue).join("; ")}`);
}

/**
 * Validates the settings of one training and fills in defaults.
 *
 * @throws DomainError that names the setting, what is allowed and what came
 */
export const parseTrainConfig = (value: unknown): TrainConfig => parse(trainSchema, value);

/** Validates the settings of a comparison and fills in defaults. */
export const parseCompareConfig = (value: unknown): CompareConfig => parse(compareSchema, value);

/** Validates whatever a run folder holds. */
export const parseRunConfig = (value: unknown): TrainConfig | CompareConfig =>
  (value as { kind?: unknown } | null)?.kind === "compare" ? parseCompareConfig(value) : parseTrainConfig(value);

import { teacherRecipe } from "@pushforward/losses";
import { DomainError, quote } from "@pushforward/tensor";
import { type Naming, namesOutOf, oneOf, parseSettings, schemasOf } from "@pushforward/training";
import { z } from "zod";
import { compareSettings, studySettings, trainSettings } from "./settings/runSettings.ts";
import { sourceNames, sourcesSetting } from "./sources/source.ts";
import { trainedNames } from "./training/trainedRecipe.ts";

/** What a comparison can train: everything but the teacher, which it trains anyway. */
export const comparedNames: readonly string[] = trainedNames.filter((name) => name !== teacherRecipe.name);

/** @param own names of recipes that files define */
const comparedLosses = (own: readonly string[] = []) => namesOutOf([...comparedNames, ...own], "loss", "losses");

/** One training: what `config.json` of a run holds. */
const trainSchema = (own: readonly string[]) =>
  z.strictObject({
    kind: z.literal("train"),
    loss: oneOf([...trainedNames, ...own]),
    sources: sourcesSetting,
    ...schemasOf(trainSettings),
  });

/** Several losses on one problem. */
const compareSchema = (own: readonly string[]) =>
  z.strictObject({
    kind: z.literal("compare"),
    losses: comparedLosses(own),
    sources: sourcesSetting,
    ...schemasOf(compareSettings),
  });

/** Many losses on several embedded problems with several seeds each. */
const studySchema = z.strictObject({
  kind: z.literal("study"),
  losses: comparedLosses().prefault(() => [...comparedNames]),
  ...schemasOf(studySettings),
});

/** Settings of one training. */
export type TrainConfig = z.output<ReturnType<typeof trainSchema>>;

/** Settings of a comparison. */
export type CompareConfig = z.output<ReturnType<typeof compareSchema>>;

/** Settings of a study. */
export type StudyConfig = z.output<typeof studySchema>;

/** Settings of a run of any kind, as its folder holds them. */
export type RunConfig = TrainConfig | CompareConfig | StudyConfig;

/**
 * Validates the settings of one training and fills in defaults.
 *
 * @throws DomainError that names the setting, what is allowed and what came
 */
export const parseTrainConfig = (value: unknown, nameOf?: Naming): TrainConfig =>
  parseSettings(trainSchema(sourceNames(value)), value, nameOf);

/** Validates the settings of a comparison and fills in defaults. */
export const parseCompareConfig = (value: unknown, nameOf?: Naming): CompareConfig =>
  parseSettings(compareSchema(sourceNames(value)), value, nameOf);

/** Validates the settings of a study and fills in defaults. */
export const parseStudyConfig = (value: unknown, nameOf?: Naming): StudyConfig =>
  parseSettings(studySchema, value, nameOf);

/** Validates the settings of a run of any kind; without a kind, those of one training. */
export function parseRunConfig(value: unknown): RunConfig {
  const kind = (value as { kind?: unknown } | null)?.kind;
  if (kind === "study") return parseStudyConfig(value);
  if (kind === "compare") return parseCompareConfig(value);
  if (kind === undefined || kind === "train") return parseTrainConfig(value);
  throw new DomainError(`config: kind must be one of train, compare, study, got ${quote(kind)}`);
}

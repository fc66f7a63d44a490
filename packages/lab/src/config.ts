import { teacherRecipe } from "@pushforward/losses";
import { DomainError, quote } from "@pushforward/tensor";
import { listOf, type Naming, parseSettings, schemasOf, variantSchema, withFollowing } from "@pushforward/training";
import * as z from "zod/mini";
import { withOldScale } from "./settings/dataSettings.ts";
import { formatSetting } from "./settings/formatSetting.ts";
import { compareSettings, studySettings, trainSettings } from "./settings/runSettings.ts";
import { knownSources, sourceNames, sourcesSetting } from "./sources/source.ts";
import { stopsOfLoss, trainedNames, variantNamed } from "./training/trainedRecipe.ts";

/** Names of the losses that a comparison can train. The teacher is not among them: a comparison trains it without being told. */
export const comparedNames: readonly string[] = trainedNames.filter((name) => name !== teacherRecipe.name);

/** The schema of a loss or a variant of one. */
const variantOutOf = (names: readonly string[], config?: unknown) =>
  variantSchema([...names, ...sourceNames(config)], (loss) => stopsOfLoss(loss, knownSources(config)));

const comparedLosses = (config?: unknown) => listOf(variantOutOf(comparedNames, config), "loss", "losses");

/**
 * One training, as `config.json` of its run holds it.
 *
 * @param config the settings before they are validated; its recipes of files add names of losses
 */
const trainSchema = (config: unknown) =>
  z.strictObject({
    kind: z.literal("train"),
    loss: variantOutOf(trainedNames, config),
    sources: sourcesSetting,
    ...schemasOf(trainSettings),
  });

/** Several losses on one problem. */
const compareSchema = (config: unknown) =>
  z.strictObject({
    kind: z.literal("compare"),
    losses: comparedLosses(config),
    sources: sourcesSetting,
    ...schemasOf(compareSettings),
  });

/** Many losses on several embedded problems with several seeds each. */
const studySchema = z.strictObject({
  kind: z.literal("study"),
  losses: z.prefault(comparedLosses(), () => [...comparedNames]),
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
  parseSettings(trainSchema(value), withFollowing(trainSettings, withOldScale(withVariant(value, nameOf))), nameOf);

/**
 * Settings of one training with those that the name of its variant sets.
 *
 * @throws DomainError if such a setting has another value
 */
function withVariant(value: unknown, nameOf: Naming = String): unknown {
  const given = Object(value) as Readonly<Record<string, unknown>>;
  const name = variantOutOf(trainedNames, value).safeParse(given.loss).data;
  if (name === undefined) return value; // the schema says what is wrong
  const { withoutStops, settings } = variantNamed(name, knownSources(value));
  for (const [setting, own] of Object.entries(settings)) {
    const { [setting]: other = own } = given;
    if (other !== own) {
      throw new DomainError(
        `config: ${nameOf(setting)} must be ${formatSetting(own)} or not given, since ${name} sets it, got ${formatSetting(other)}`,
      );
    }
  }
  const { withoutStops: others = [] } = given;
  const isJoined = withoutStops.length > 0 && Array.isArray(others);
  return { ...given, ...settings, ...(isJoined ? { withoutStops: [...new Set([...withoutStops, ...others])] } : {}) };
}

/** Validates the settings of a comparison and fills in defaults. */
export const parseCompareConfig = (value: unknown, nameOf?: Naming): CompareConfig =>
  parseSettings(compareSchema(value), withFollowing(compareSettings, withOldScale(value)), nameOf);

/** Validates the settings of a study and fills in defaults. */
export const parseStudyConfig = (value: unknown, nameOf?: Naming): StudyConfig =>
  parseSettings(studySchema, withFollowing(studySettings, value), nameOf);

/** Validates the settings of a run of any kind; without a kind, those of one training. */
export function parseRunConfig(value: unknown): RunConfig {
  const kind = (value as { kind?: unknown } | null)?.kind;
  if (kind === "study") return parseStudyConfig(value);
  if (kind === "compare") return parseCompareConfig(value);
  if (kind === undefined || kind === "train") return parseTrainConfig(value);
  throw new DomainError(`config: kind must be one of train, compare, study, got ${quote(kind)}`);
}

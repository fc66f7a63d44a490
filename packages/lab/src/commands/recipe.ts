import { DomainError, mustBeOneOf } from "@pushforward/tensor";
import {
  formatRecipe,
  parseTrainingSettings,
  recipeJsonSchema,
  recipeSettings,
  trainingSettings,
} from "@pushforward/training";
import type { Command } from "commander";
import { knownName } from "../sources/knownName.ts";
import { trainedNames, trainedRecipe } from "../training/trainedRecipe.ts";
import { printJson } from "./output.ts";
import { optionNaming, type RawOptions, settingsOf, withSettings } from "./settingOptions.ts";

const { steps, preset } = trainingSettings;

/** `pushforward recipe <loss>` */
export function configureRecipe(command: Command): void {
  command
    .argument("[loss]", "a loss with a recipe (pushforward losses lists them), or teacher")
    .option("--schema", "print the JSON schema of a recipe's file, by which editors complete it");
  withSettings(command, { steps, preset, ...recipeSettings }).action(
    (given: string | undefined, { schema, ...options }: RawOptions) => {
      if (schema) printJson(recipeJsonSchema());
      else printJson(formatRecipe(recipeOf(given, options)));
    },
  );
}

/** The recipe as `train` follows it with the same options. */
function recipeOf(given: string | undefined, options: RawOptions) {
  const loss = knownName(given ?? "", trainedNames);
  if (!trainedNames.includes(loss)) {
    throw new DomainError(`recipe: loss ${mustBeOneOf(given, trainedNames, "pushforward losses lists them")}`);
  }
  const settings = parseTrainingSettings(settingsOf(options), optionNaming);
  return trainedRecipe({ loss, ...settings });
}

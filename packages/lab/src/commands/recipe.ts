import type { AnyLoss } from "@pushforward/losses";
import { DomainError, mustBeOneOf } from "@pushforward/tensor";
import {
  formatRecipe,
  parseTrainingSettings,
  recipeJsonSchema,
  recipeSettings,
  trainingSettings,
} from "@pushforward/training";
import type { Command } from "commander";
import { checkPreset } from "../sources/checkPreset.ts";
import { readNames } from "../sources/readSources.ts";
import { lossTable, type Sources } from "../sources/source.ts";
import { trainedNames, trainedRecipe } from "../training/trainedRecipe.ts";
import { printJson } from "./output.ts";
import { optionNaming, type RawOptions, settingsOf, withSettings } from "./settingOptions.ts";

const { steps, preset } = trainingSettings;

/** `pushforward recipe <loss>` */
export function configureRecipe(command: Command): void {
  command
    .argument(
      "[loss]",
      "a loss with a recipe (pushforward losses lists them), teacher, the .json file of a recipe, or a module of your own",
    )
    .option("--schema", "print the JSON schema of a recipe's file, by which editors complete it");
  withSettings(command, { steps, preset, ...recipeSettings }).action(
    async (given: string | undefined, { schema, ...options }: RawOptions) =>
      printJson(schema ? recipeJsonSchema() : await recipeFile(given, options)),
  );
}

/** The recipe as `train` follows it with the same options, as the content of a file. */
async function recipeFile(given: string | undefined, options: RawOptions): Promise<object> {
  const { names, sources = {} } = await readNames("recipe", [given ?? ""], trainedNames);
  const [loss] = names;
  if (!trainedNames.includes(loss) && !Object.hasOwn(sources, loss)) {
    throw new DomainError(`recipe: loss ${mustBeOneOf(given, trainedNames, "pushforward losses lists them")}`);
  }
  checkPreset("recipe", names, sources, options);
  const settings = parseTrainingSettings(settingsOf(options), optionNaming);
  const recipe = trainedRecipe({ loss, sources, ...settings });
  return formatRecipe(recipe, (each) => nameIn(given as string, sources, each));
}

/** How the file of a recipe calls a loss: by its name in the registry, or by the path of its module. */
function nameIn(given: string, sources: Sources, loss: AnyLoss): string {
  const [source] = Object.values(sources);
  const table = lossTable(source?.recipe === undefined && source ? { [given]: source } : source?.losses);
  const found = Object.keys(table).find((name) => table[name] === loss);
  if (found !== undefined) return found;
  throw new DomainError(
    `recipe: ${loss.name} must be the default export of a module, so that a file can name it, but ${given} has it in its recipe only; move it to a module of its own`,
  );
}

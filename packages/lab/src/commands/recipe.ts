import type { AnyLoss, Recipe } from "@pushforward/losses";
import { DomainError, mustBeOneOf } from "@pushforward/tensor";
import { formatRecipe, lossOfVariant, recipeJsonSchema, recipeSettings, trainingSettings } from "@pushforward/training";
import type { Command } from "commander";
import { parseTrainConfig } from "../config.ts";
import { checkStops } from "../experiments/stops.ts";
import { defaultData } from "../settings/dataSettings.ts";
import { checkPreset } from "../sources/checkPreset.ts";
import { readNames } from "../sources/readSources.ts";
import { lossTable, type Sources } from "../sources/source.ts";
import { stopsOfLoss, trainedNames, trainedRecipe, variantNamed } from "../training/trainedRecipe.ts";
import { printJson } from "./output.ts";
import { optionNaming, type RawOptions, settingsOf, withSettings } from "./settingOptions.ts";

const { steps, preset, withoutStops } = trainingSettings;

/** `pushforward recipe <loss>` */
export function configureRecipe(command: Command): void {
  command
    .argument(
      "[loss]",
      "a loss with a recipe (pushforward losses lists them), teacher, the .json file of a recipe, or a module of your own",
    )
    .option("--schema", "print the JSON schema of a recipe's file, by which editors complete it");
  withSettings(command, { steps, preset, ...recipeSettings, withoutStops }).action(
    async (given: string | undefined, { schema, ...options }: RawOptions) =>
      printJson(schema ? recipeJsonSchema() : await recipeFile(given, options)),
  );
}

/** The recipe as `train` follows it with the same options, as the content of a file. */
async function recipeFile(given: string | undefined, options: RawOptions): Promise<object> {
  const { names, sources = {} } = await readNames("recipe", [given ?? ""], trainedNames);
  const [name] = names;
  const loss = lossOfVariant(name);
  if (!trainedNames.includes(loss) && !Object.hasOwn(sources, loss)) {
    throw new DomainError(`recipe: loss ${mustBeOneOf(given, trainedNames, "pushforward losses lists them")}`);
  }
  checkPreset("recipe", names, sources, options);
  const config = parseTrainConfig(
    { data: defaultData, ...settingsOf(options), kind: "train", loss: name, sources },
    optionNaming,
  );
  checkStops("recipe", config.withoutStops ?? [], stopsOfLoss(loss, sources));
  const outside = Object.keys(variantNamed(name, sources).settings).find(
    (each) => !Object.hasOwn(recipeSettings, each) && each !== "preset",
  );
  if (outside !== undefined) {
    throw new DomainError(
      `recipe: ${outside} must be left out of ${name}, since it is no part of a recipe; give it to train`,
    );
  }
  const recipe = withoutStopsIn(trainedRecipe(config), config.withoutStops ?? []);
  return formatRecipe(recipe, (each) => nameIn(lossOfVariant(given as string), sources, each));
}

/** A recipe with stop-gradients switched off in every term whose loss has them. */
const withoutStopsIn = (recipe: Recipe, labels: readonly string[]): Recipe => ({
  ...recipe,
  terms: recipe.terms.map((term) => {
    const own = term.loss.stops.filter((label) => labels.includes(label) || term.withoutStops.includes(label));
    return { ...term, withoutStops: own };
  }),
});

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

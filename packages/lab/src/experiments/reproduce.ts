import { relative, resolve } from "node:path";
import { defaultBeside, lossOfVariant, type Setting } from "@pushforward/training";
import { comparedNames, type RunConfig } from "../config.ts";
import { isDataFile, isFormatOfFiles } from "../problems/formats.ts";
import { optionName } from "../settings/optionName.ts";
import { settingsOfKind } from "../settings/runSettings.ts";
import { variantNamed } from "../training/trainedRecipe.ts";

/** Settings whose place on the command line is not that of an option: the data come first, the teacher last. */
const placed = ["data", "teacher"];

/** A word quoted for a shell. */
const quoted = (value: unknown): string =>
  /^[\w./,:@%+=-]+$/.test(String(value)) ? String(value) : `'${String(value).replaceAll("'", `'\\''`)}'`;

/** The command as typed in a shell. */
const call = "npx --yes pnpm@10 pushforward";

/** A command with its arguments as typed in a shell. */
export const commandLine = (...words: readonly string[]): string => [call, ...words.map(quoted)].join(" ");

/** The command that continues a run. */
export const resumeLine = (path: string): string => commandLine("resume", displayPath(path));

/** A path relative to the current folder, or the whole path if that is shorter. */
export function displayPath(path: string): string {
  const near = relative(process.cwd(), path) || ".";
  return near.length <= path.length ? near : path;
}

/** The data of a configuration: the name of a problem, or a file's path from the current folder. */
export function displayData(data: string): string {
  if (!isDataFile(data)) return data;
  const path = displayPath(data);
  return isDataFile(path) ? path : `./${path}`; // a folder here, which is no name of a problem
}

/** Labels of a configuration: the path of their file from the current folder, or their name in the data. */
export const displayLabels = (labels: string): string => (isFormatOfFiles(labels) ? displayPath(labels) : labels);

/**
 * The command that makes the same run: options are written for settings that differ from their defaults.
 *
 * @param folder folder of the run; the path of the teacher is relative to it
 */
export function reproduce(config: RunConfig, folder: string): string {
  const values = ownSettings(config);
  const options = Object.entries<Setting>(settingsOfKind[config.kind]).flatMap(([name, setting]) => {
    const value = values[name];
    const isDefault = JSON.stringify(defaultBeside(setting, values)) === JSON.stringify(value);
    const isLeftOut = setting.argument === null || placed.includes(name) || value === undefined || isDefault;
    if (isLeftOut) return [];
    const shown = name === "labels" ? displayLabels(String(value)) : value;
    return [setting.argument === "" ? optionName(name) : `${optionName(name)} ${quoted(shown)}`];
  });
  const hasTeacher = "teacher" in config && config.teacher !== undefined;
  const teacher = hasTeacher ? [`--teacher ${quoted(displayPath(resolve(folder, config.teacher as string)))}`] : [];
  return [call, ...commandOf(config), ...options, ...teacher].join(" ");
}

/** The settings of a run without those that the name of its variant sets. */
function ownSettings(config: RunConfig): Readonly<Record<string, unknown>> {
  if (config.kind !== "train") return config;
  const { withoutStops, settings } = variantNamed(config.loss, config.sources);
  const others = config.withoutStops?.filter((label) => !withoutStops.includes(label)) ?? [];
  const named = Object.fromEntries(Object.keys(settings).map((name) => [name, undefined]));
  return { ...config, ...named, withoutStops: others.length > 0 ? others : undefined };
}

/** The command with its losses and data. */
function commandOf(config: RunConfig): string[] {
  if (config.kind === "study") {
    const isWhole = config.losses.length === comparedNames.length;
    return ["compare --all", ...(isWhole ? [] : config.losses.map(quoted))];
  }
  const { sources = {} } = config;
  const names = (config.kind === "compare" ? config.losses : [config.loss]).map((name) => {
    const loss = lossOfVariant(name);
    return quoted(Object.hasOwn(sources, loss) ? displayPath(sources[loss].file) + name.slice(loss.length) : name);
  });
  return [config.kind, ...names, `--data ${quoted(displayData(config.data))}`];
}

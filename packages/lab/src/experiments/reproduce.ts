import { relative, resolve } from "node:path";
import { defaultOf, type Setting } from "@pushforward/training";
import { comparedNames, type RunConfig } from "../config.ts";
import { isDataFile } from "../problems/table.ts";
import { optionName } from "../settings/optionName.ts";
import { settingsOfKind } from "../settings/runSettings.ts";

/** Settings whose place on the command line is not that of an option: the data come first, the teacher last. */
const placed = ["data", "teacher"];

/** A word as a shell takes it. */
const quoted = (value: unknown): string =>
  /^[\w./,:@%+-]+$/.test(String(value)) ? String(value) : `'${String(value).replaceAll("'", `'\\''`)}'`;

/** How a person calls the command. */
const call = "npx --yes pnpm@10 pushforward";

/** The command that goes on with a run. */
export const resumeLine = (path: string): string => `${call} resume ${quoted(shownPath(path))}`;

/** A path as a person in this folder would type it: from here if that is no longer than the whole path. */
export function shownPath(path: string): string {
  const near = relative(process.cwd(), path) || ".";
  return near.length <= path.length ? near : path;
}

/** What a configuration says of its data, for a person in this folder. */
export const shownData = (data: string): string => (isDataFile(data) ? shownPath(data) : data);

/**
 * The command that makes the same run: what differs from the defaults is written out.
 *
 * @param folder of the run, from which it counts the path of its teacher
 */
export function reproduce(config: RunConfig, folder: string): string {
  const values: Readonly<Record<string, unknown>> = config;
  const options = Object.entries<Setting>(settingsOfKind[config.kind]).flatMap(([name, setting]) => {
    const value = values[name];
    const isDefault = JSON.stringify(defaultOf(setting)) === JSON.stringify(value);
    const isLeftOut = setting.argument === null || placed.includes(name) || value === undefined || isDefault;
    return isLeftOut ? [] : [`${optionName(name)} ${quoted(value)}`];
  });
  const hasTeacher = "teacher" in config && config.teacher !== undefined;
  const teacher = hasTeacher ? [`--teacher ${quoted(shownPath(resolve(folder, config.teacher as string)))}`] : [];
  return [call, ...commandOf(config), ...options, ...teacher].join(" ");
}

/** The command with what it trains and on what. */
function commandOf(config: RunConfig): string[] {
  if (config.kind === "study") {
    const isWhole = config.losses.length === comparedNames.length;
    return ["compare --all", ...(isWhole ? [] : config.losses)];
  }
  const names = config.kind === "compare" ? config.losses : [config.loss];
  return [config.kind, ...names, `--data ${quoted(shownData(config.data))}`];
}

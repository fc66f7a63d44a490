import { relative, resolve } from "node:path";
import { comparedNames, parseCompareConfig, parseStudyConfig, parseTrainConfig, type RunConfig } from "../config.ts";
import { isDataFile } from "../problems/table.ts";

/** What the command line has no option for. */
const unnamed = ["kind", "loss", "losses", "data", "dataSha256", "teacher"];

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

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
  const defaults: Readonly<Record<string, unknown>> = defaultsOf(config);
  const options = Object.entries(config).flatMap(([name, value]) => {
    const isDefault = JSON.stringify(defaults[name]) === JSON.stringify(value);
    return unnamed.includes(name) || value === undefined || isDefault ? [] : [`--${kebab(name)} ${quoted(value)}`];
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

function defaultsOf(config: RunConfig): RunConfig {
  switch (config.kind) {
    case "study":
      return parseStudyConfig({ kind: "study" });
    case "compare":
      return parseCompareConfig({ kind: "compare", losses: config.losses, data: config.data });
    default:
      return parseTrainConfig({ kind: "train", loss: config.loss, data: config.data });
  }
}

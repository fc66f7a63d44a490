import { relative, resolve } from "node:path";
import { type CompareConfig, parseCompareConfig, parseTrainConfig, type TrainConfig } from "../config.ts";
import { isDataFile } from "../problems/table.ts";

/** What the command line has no option for. */
const unnamed = ["kind", "loss", "losses", "data", "dataSha256", "teacher"];

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** A word as a shell takes it. */
const quoted = (value: unknown): string =>
  /^[\w./,:@%+-]+$/.test(String(value)) ? String(value) : `'${String(value).replaceAll("'", `'\\''`)}'`;

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
export function reproduce(config: TrainConfig | CompareConfig, folder: string): string {
  const isCompare = config.kind === "compare";
  const defaults = isCompare
    ? parseCompareConfig({ kind: "compare", losses: config.losses, data: config.data })
    : parseTrainConfig({ kind: "train", loss: config.loss, data: config.data });
  const names = isCompare ? config.losses.join(" ") : config.loss;
  const options = Object.entries(config).flatMap(([name, value]) => {
    const isDefault = defaults[name as keyof typeof defaults] === value;
    return unnamed.includes(name) || value === undefined || isDefault ? [] : [`--${kebab(name)} ${quoted(value)}`];
  });
  const teacher =
    config.teacher === undefined ? [] : [`--teacher ${quoted(shownPath(resolve(folder, config.teacher)))}`];
  const data = `--data ${quoted(shownData(config.data))}`;
  return ["npx --yes pnpm@10 pushforward", config.kind, names, data, ...options, ...teacher].join(" ");
}

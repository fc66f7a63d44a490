import { type CompareConfig, parseCompareConfig, parseTrainConfig, type TrainConfig } from "../config.ts";

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const quoted = (value: unknown): string =>
  /^[\w./,-]+$/.test(String(value)) ? String(value) : JSON.stringify(String(value));

/** The command that makes the same run: what differs from the defaults is written out. */
export function reproduce(config: TrainConfig | CompareConfig): string {
  const isCompare = config.kind === "compare";
  const defaults = isCompare
    ? parseCompareConfig({ kind: "compare", losses: config.losses, data: config.data })
    : parseTrainConfig({ kind: "train", loss: config.loss, data: config.data });
  const names = isCompare ? config.losses.join(" ") : config.loss;
  const options = Object.entries(config).flatMap(([name, value]) => {
    if (["kind", "loss", "losses", "data"].includes(name) || value === undefined) return [];
    return defaults[name as keyof typeof defaults] === value ? [] : [`--${kebab(name)} ${quoted(value)}`];
  });
  return ["npx --yes pnpm@10 pushforward", config.kind, names, `--data ${quoted(config.data)}`, ...options].join(" ");
}

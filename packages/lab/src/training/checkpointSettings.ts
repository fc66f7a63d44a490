import { DomainError } from "@pushforward/tensor";
import { defaultOf, type SettingTable } from "@pushforward/training";
import type { TrainConfig } from "../config.ts";
import type { Checkpoint } from "../run/checkpoint.ts";
import { withOldScale } from "../settings/dataSettings.ts";
import { formatSetting } from "../settings/formatSetting.ts";
import { trainSettings } from "../settings/runSettings.ts";

const rows: SettingTable = trainSettings;

/**
 * The settings that decide a run's bits, sorted by name: a new run and a resumed one have them in another order, and write the same
 * checkpoint.
 */
const decisive = (config: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(config)
      .filter(([name, value]) => !rows[name]?.mayChange && value !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

/** The values of settings that the note of a checkpoint does not name: a setting that is newer than the checkpoint had its default. */
const defaults = decisive(Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, defaultOf(row)])));

/** The settings of a run as the metadata of a checkpoint. */
export const settingsNote = (config: TrainConfig): Record<string, string> => ({
  settings: JSON.stringify(decisive(config)),
});

/**
 * Checks that a checkpoint was made by the settings of the run that continues from it.
 *
 * @throws DomainError that names the file and the first setting that differs
 */
export function checkSettings(file: string, { metadata, step }: Checkpoint, config: TrainConfig): void {
  const [before, now] = [{ ...defaults, ...parseNote(metadata?.settings) }, decisive(config)];
  const names = [...Object.keys(now), ...Object.keys(before)];
  const changed = names.find((name) => JSON.stringify(before[name]) !== JSON.stringify(now[name]));
  if (changed !== undefined) {
    throw new DomainError(
      `checkpoint: ${file} was made with other settings: ${changed} was ${formatSetting(before[changed])} and is now ${formatSetting(now[changed])}; put it back, or start a new run`,
    );
  }
  if (Number.isInteger(step) && step >= 1 && step <= config.steps) return;
  throw new DomainError(`checkpoint: ${file} must be of a step from 1 to ${config.steps}, got ${step}`);
}

function parseNote(text = "{}"): Record<string, unknown> {
  try {
    return Object(withOldScale(JSON.parse(text)));
  } catch {
    return {};
  }
}

import { relative, resolve } from "node:path";
import {
  defaultOf,
  type Naming,
  namesAllowed,
  type Setting,
  type SettingTable,
  valueOfText,
} from "@pushforward/training";
import { type Command, Option } from "commander";
import { isDataFile, isFormatOfFiles } from "../problems/formats.ts";
import { optionName } from "../settings/optionName.ts";
import { allSettings, studySettings } from "../settings/runSettings.ts";

/** Names of settings in messages about options; the losses are arguments and keep their names. */
export const optionNaming: Naming = (setting) => (setting.startsWith("loss") ? setting : optionName(setting));

/** A default in words; a setting that several kinds of runs have may have another default in a study. */
function defaultWords(setting: Setting, ofStudy: Setting | undefined): string[] {
  const [plain, study] = [setting, ofStudy ?? setting].map(defaultOf);
  const isSame = JSON.stringify(plain) === JSON.stringify(study);
  return [
    ...(plain === undefined || plain === false ? [] : [`default ${plain}`]),
    ...(isSame || study === undefined ? [] : [`of a study ${study}`]),
  ];
}

/** The line of help about a setting: its text, the choices, the default. */
function helpText(setting: Setting, ofStudy?: Setting): string {
  const facts = [namesAllowed(setting)?.join(", ") ?? [], ...defaultWords(setting, ofStudy)].flat();
  return facts.length > 0 ? `${setting.text} (${facts.join("; ")})` : setting.text;
}

/** Adds the options of settings to a command; their values are validated with the configuration. */
export function withSettings(command: Command, table: SettingTable): Command {
  const ofStudy: SettingTable = "problems" in table ? studySettings : {};
  for (const [name, setting] of Object.entries(table)) {
    if (setting.argument === null) continue;
    const option = new Option(`${optionName(name)} ${setting.argument}`.trim(), helpText(setting, ofStudy[name]));
    command.addOption(option.helpGroup(`${setting.group}:`));
  }
  return command;
}

/** Options as commander gives them. */
export type RawOptions = Record<string, string | boolean | undefined>;

/** A teacher's folder as the run's configuration has it: relative to the run's folder. */
export const teacherSetting = (teacher: string | boolean | undefined, folder: string): { teacher?: string } =>
  typeof teacher === "string" ? { teacher: relative(folder, teacher) || "." } : {};

/**
 * The settings among the options of a command, with files by their whole path, so that a run resumes from any folder. Settings that
 * were not given are left to their defaults; the teacher depends on the run's folder ({@link teacherSetting}).
 */
export function settingsOf(options: RawOptions): Record<string, unknown> {
  const given = Object.entries(options).filter(([name]) => name !== "teacher" && Object.hasOwn(allSettings, name));
  const values = given.map(([name, text]) => [
    name,
    typeof text === "string" ? valueOfText(allSettings[name], text) : text,
  ]);
  const settings: Record<string, unknown> = Object.fromEntries(values);
  const { data, labels } = settings;
  return {
    ...settings,
    ...(typeof data === "string" && isDataFile(data) ? { data: resolve(data) } : {}),
    ...(typeof labels === "string" && isFormatOfFiles(labels) ? { labels: resolve(labels) } : {}),
  };
}

import type { SharedSettings } from "../work/race/messages.ts";

/** A setting as the race shows it. */
export interface SettingField {
  readonly label: string;
  /** Key of links. */
  readonly key: string;
  readonly least: number;
  readonly most: number;
  readonly isWhole: boolean;
}

/** The settings that all lanes share, in the order in which they are shown. */
export const settingFields: Readonly<Record<keyof SharedSettings, SettingField>> = {
  learningRate: { label: "Learning rate", key: "rate", least: 1e-6, most: 1, isWhole: false },
  width: { label: "Width", key: "width", least: 1, most: 512, isWhole: true },
  batch: { label: "Batch", key: "batch", least: 1, most: 4096, isWhole: true },
  steps: { label: "Updates", key: "steps", least: 1, most: 100_000, isWhole: true },
  seed: { label: "Seed", key: "seed", least: 0, most: 2 ** 31 - 1, isWhole: true },
};

/** Names of the settings. */
export const settingNames = Object.keys(settingFields) as (keyof SharedSettings)[];

/** The allowed values of a setting in words. */
export const allowedValues = ({ least, most, isWhole }: SettingField): string =>
  `a ${isWhole ? "whole number" : "number"} from ${least} to ${most}`;

/** Whether a setting may have a value. */
export const isAllowed = ({ least, most, isWhole }: SettingField, value: number): boolean =>
  value >= least && value <= most && (!isWhole || Number.isInteger(value));

import type * as z from "zod/mini";

/** The subject of a setting; help and docs/lab.md list settings by it. */
export type SettingGroup = "Data" | "Study" | "Training" | "Network" | "Teacher" | "Recipe" | "Run";

/**
 * A setting, as a row of a table by name. Its type, limits, default, option, help and line of docs/lab.md follow from the row; the
 * option is called as the setting: `learningRate` is `--learning-rate`.
 */
export interface Setting<Schema extends z.ZodMiniType = z.ZodMiniType> {
  readonly group: SettingGroup;
  /** Allowed values and the default. */
  readonly schema: Schema;
  /** The placeholder after the option on the command line, such as "<n>"; "" for a switch, null for a setting that no option sets. */
  readonly argument: `<${string}>` | "" | null;
  /** A phrase about the meaning of the setting, without allowed values and default. */
  readonly text: string;
  /** Whether the value may change between two parts of a run: it decides no bit of the result. */
  readonly mayChange?: boolean;
  /** The default where it depends on the other settings that are given; undefined leaves that of the schema. */
  readonly follows?: (given: Readonly<Record<string, unknown>>) => unknown;
  /** Whether variants of a loss may differ in it; all other settings are shared by the trainings of a comparison. */
  readonly mayDiffer?: boolean;
}

/** Settings by name. */
export type SettingTable = Readonly<Record<string, Setting>>;

/** A row of a table of settings; see {@link Setting}. */
export const defineSetting = <Schema extends z.ZodMiniType>(row: Setting<Schema>): Setting<Schema> => row;

/** Schemas of a table, by name. */
export type Schemas<Table extends SettingTable> = { readonly [Name in keyof Table]: Table[Name]["schema"] };

/** Values of the settings of a table, by name. */
export type SettingValues<Table extends SettingTable> = { [Name in keyof Table]: z.output<Table[Name]["schema"]> };

/** The schemas of a table, for an object of its settings. */
export const schemasOf = <Table extends SettingTable>(table: Table): Schemas<Table> =>
  Object.fromEntries(Object.entries(table).map(([name, { schema }]) => [name, schema])) as unknown as Schemas<Table>;

import { type Misuse, misuses } from "./misuse.ts";

/** A valid call of an exported function. */
export interface ValidCall {
  readonly args: readonly unknown[];
  /** The function, where a row is not named after an export; default the export of that name. */
  readonly f?: unknown;
  /** Uses the result, where arguments are read later. */
  // biome-ignore lint/suspicious/noExplicitAny: results of all functions
  readonly use?: (result: any) => unknown;
  /** Places that accept any value: values that are only copied or printed, and trees, which may be objects or lists. */
  readonly unread?: readonly string[];
}

/** Valid calls by name: that of an export, with a comma and a remark where it has several. */
export type MisuseTable = Readonly<Record<string, ValidCall>>;

/** A row of a table of valid calls. */
export const validCall = (
  args: ValidCall["args"],
  use?: ValidCall["use"],
  more: Pick<ValidCall, "f" | "unread"> = {},
): ValidCall => ({ args, use, ...more });

type Exports = Readonly<Record<string, unknown>>;

const nameOf = (row: string): string => row.split(",")[0];

const isClass = (f: unknown): boolean => /^class\b/.test(Function.prototype.toString.call(f));

/** Exported functions, classes apart, that have neither a row nor a reason to have none. */
export function withoutRow(exported: Exports, table: MisuseTable, exempt: readonly string[]): string[] {
  const known = new Set([...Object.keys(table).map(nameOf), ...exempt]);
  return Object.keys(exported).filter((name) => {
    const value = exported[name];
    return typeof value === "function" && !isClass(value) && !known.has(name);
  });
}

/** The call of a row: the function, and then what is done with its result. */
export function callOf(exported: Exports, name: string, { f, use }: ValidCall): (...args: unknown[]) => unknown {
  const called = (f ?? exported[nameOf(name)]) as (...args: unknown[]) => unknown;
  return (...args) => {
    const result = called(...args);
    return use ? use(result) : result;
  };
}

/** Faults of a row as text, each once. */
export function faultsOf(exported: Exports, name: string, row: ValidCall): string[] {
  const isRead = ({ place, outcome }: Misuse): boolean =>
    outcome !== "accepted" || !row.unread?.some((unread) => place === unread || place.startsWith(`${unread}.`));
  return misuses(callOf(exported, name, row), row.args)
    .filter((misuse) => misuse.isFault && isRead(misuse))
    .map(({ place, mistake, outcome }) => `${name}: argument ${place} = ${mistake}: ${outcome}`);
}

import { type Spread, spreadOf } from "@pushforward/training";
import type { ResultRow } from "../report/report.ts";
import type { ResultKey } from "../report/resultColumns.ts";

/** Mean and deviation over rows, for each of the keys under which at least one row has a number. */
export const spreadsOf = (
  rows: readonly ResultRow[],
  keys: readonly ResultKey[],
): { readonly [Key in ResultKey]?: Spread } =>
  Object.fromEntries(
    keys.flatMap((key) => {
      const spread = spreadOf(rows.flatMap((row) => row[key] ?? []));
      return spread ? [[key, spread]] : [];
    }),
  );

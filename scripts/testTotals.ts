import { existsSync, readFileSync } from "node:fs";

/** What a test run amounted to. */
export interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}

/** The line that ends a test run: `N passed, N failed`, then `, N skipped` if some were. */
export function totalsLine({ passed, failed, skipped }: Totals): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/** Whether a run counts as a success: something ran and nothing failed. */
export function isSuccess({ passed, failed }: Totals): boolean {
  return passed > 0 && failed === 0;
}

/** Totals that the reporter left in a file; zeros when it never got that far. */
export function readTotals(file: string): Totals {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { passed: 0, failed: 0, skipped: 0 };
}

import { existsSync, readFileSync } from "node:fs";

/** The totals of a test run. */
export interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}

/** The line that ends a test run: `N passed, N failed`, then `, N skipped` if tests were skipped. */
export function totalsLine({ passed, failed, skipped }: Totals): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/** Whether a run counts as a success: something ran and nothing failed. */
export function isSuccess({ passed, failed }: Totals): boolean {
  return passed > 0 && failed === 0;
}

/** Totals from the reporter's file; zeros if the file does not exist. */
export function readTotals(file: string): Totals {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { passed: 0, failed: 0, skipped: 0 };
}

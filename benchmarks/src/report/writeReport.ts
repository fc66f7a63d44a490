import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatMarkdown, type Report } from "./report.ts";

/**
 * Writes a run as `<date>.json`, and its tables as README.md beside it.
 *
 * @returns path of the JSON
 */
export function writeReport(report: Report, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const file = `${report.machine.date.slice(0, 10)}.json`;
  writeFileSync(join(folder, file), `${JSON.stringify(report, undefined, 2)}\n`);
  writeFileSync(join(folder, "README.md"), formatMarkdown(report, file));
  return join(folder, file);
}

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatMarkdown, onProcessors, type Report } from "./report.ts";

/**
 * Writes a run as `<date>.json`, and its tables as README.md beside it; on GPUs as `<date>-gpu.json` and gpu.md.
 *
 * @returns path of the JSON
 */
export function writeReport(report: Report, folder: string, subject = onProcessors): string {
  mkdirSync(folder, { recursive: true });
  const file = `${report.machine.date.slice(0, 10)}${subject.suffix}.json`;
  writeFileSync(join(folder, file), `${JSON.stringify(report, undefined, 2)}\n`);
  writeFileSync(join(folder, subject.tables), formatMarkdown(report, file, subject));
  return join(folder, file);
}

import { cpus } from "node:os";
import { version } from "../version.ts";

/**
 * Versions and processor of this machine, for a report.
 *
 * @param backend where programs ran, in words
 */
export const environmentOf = (backend: string): Readonly<Record<string, string>> => ({
  Pushforward: version,
  Node: process.versions.node,
  processor: `${cpus()[0]?.model ?? "unknown"} (${cpus().length} threads)`,
  backend,
});

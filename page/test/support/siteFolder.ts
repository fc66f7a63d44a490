import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Folder in which the tests of a run share the built site. */
    siteFolder: string;
  }
}

/** Makes the folder before a run of tests, and removes it afterwards; the site is built by the first test that opens it. */
export function setup({ provide }: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), "pushforward-page-"));
  provide("siteFolder", folder);
  return () => rmSync(folder, { recursive: true, force: true });
}

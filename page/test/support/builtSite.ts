import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "vite";
import { pageConfig } from "../../build/pageConfig.ts";

/** Updates of the recorded race: few, so that the page is built in seconds. */
export const recorded = 20;

/** Folder of the site below the root of its host. */
export const sitePath = "sub/path";

/** Milliseconds between two looks at the work of another process. */
const look = 100;

/**
 * Builds the site below a folder once, whichever of the processes that share the folder comes first; the others wait.
 *
 * @throws Error with the message of the build that failed
 */
export async function builtSite(folder: string): Promise<void> {
  const [turn, outcome] = ["turn", "outcome"].map((name) => join(folder, name));
  try {
    mkdirSync(turn);
  } catch {
    while (!existsSync(outcome)) await sleep(look);
    const message = readFileSync(outcome, "utf8");
    if (message !== "") throw new Error(message);
    return;
  }
  const { NODE_ENV } = process.env;
  try {
    // Libraries would otherwise bring what they have for tests and for development.
    process.env.NODE_ENV = "production";
    await build(pageConfig(join(folder, sitePath), recorded));
    writeFileSync(outcome, "");
  } catch (error) {
    writeFileSync(outcome, `The site could not be built: ${(error as Error).message}`);
    throw error;
  } finally {
    process.env.NODE_ENV = NODE_ENV;
  }
}

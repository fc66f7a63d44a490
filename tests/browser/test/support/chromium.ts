import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

/** Names under which systems install it. */
const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Path of the first one on the PATH, or undefined. */
function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Where the browser is, or undefined where there is none. */
export const executable = findChromium();

/** Why tests of the page are skipped, or undefined where they can run. REQUIRE_BROWSER=1 makes a missing browser a failure. */
export const reasonToSkip = findReasonToSkip();

function findReasonToSkip(): string | undefined {
  const { REQUIRE_BROWSER, SKIP_BROWSER } = process.env;
  if (REQUIRE_BROWSER === "1") return undefined;
  if (SKIP_BROWSER === "1") return "tests in a browser run by themselves: npx --yes pnpm@10 test --browser";
  if (executable) return undefined;
  return `there is no browser on the PATH (${names.join(", ")}); REQUIRE_BROWSER=1 makes this a failure`;
}

/**
 * Starts the browser that is installed.
 *
 * @param args more options of its command line
 * @throws Error where there is none
 */
export async function openBrowser(args: string[] = []): Promise<Browser> {
  if (!executable) throw new Error(`openBrowser: one of ${names.join(", ")} must be on the PATH, got none`);
  // Its sandbox works neither for root nor in most containers.
  return chromium.launch({ executablePath: executable, chromiumSandbox: false, args });
}

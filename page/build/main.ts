/**
 * Builds the page and serves it: `pnpm page` prints the address, `--open` opens it in the default browser, `--port <n>` chooses the
 * port, `--build` only leaves the folder `page/dist`.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "vite";
import { pageConfig, pageRoot } from "./pageConfig.ts";
import { pageHeaders } from "./security.ts";
import { serve } from "./serve.ts";

/** The command that opens an address, by platform. */
const openers: Readonly<Record<string, readonly string[]>> = {
  darwin: ["open"],
  win32: ["cmd", "/c", "start", ""],
};

function openAddress(url: string): void {
  const [command, ...args] = openers[process.platform] ?? ["xdg-open"];
  const opened = spawn(command, [...args, url], { stdio: "ignore", detached: true });
  opened.on("error", ({ message }) =>
    console.error(`page: the browser must open, got ${message}; open ${url} by hand`),
  );
  opened.unref();
}

/**
 * The options of the command line.
 *
 * @throws Error that names an unknown option, or a port that is none
 */
function readOptions(args: string[]): { build: boolean; open: boolean; port: number } {
  const { values } = parseArgs({
    args: args.filter((argument, i) => i > 0 || argument !== "--"),
    options: {
      build: { type: "boolean", default: false },
      open: { type: "boolean", default: false },
      port: { type: "string", default: "0" },
    },
  });
  const port = Number(values.port);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return { ...values, port };
  throw new Error(`--port must be a whole number from 0 to 65535, got ${values.port}`);
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const folder = join(pageRoot, "dist");
  await build(pageConfig(folder));
  if (options.build) return console.log("page/dist is built; any static host serves it, also under a sub-path");
  const { url } = await serve(folder, { headersOf: () => pageHeaders, port: options.port });
  console.log(`the page is at ${url} (Ctrl+C ends it)`);
  if (options.open) openAddress(url);
}

try {
  await main();
} catch (error) {
  console.error(`page: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}

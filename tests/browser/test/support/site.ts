import { mkdtempSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { build } from "vite";
import type { PageFunctions } from "../../src/page.ts";
import { openBrowser } from "./chromium.ts";
import { type Answers, serve } from "./server.ts";

const root = join(import.meta.dirname, "../..");

/** The functions of an open page, by name. */
export type OpenPage = <Name extends keyof PageFunctions>(
  name: Name,
  ...args: Parameters<PageFunctions[Name]>
) => Promise<Awaited<ReturnType<PageFunctions[Name]>>>;

/** The page as Vite bundles it for users, minified, and a browser that opens it. */
export class Site {
  private readonly folder: string;
  private readonly browser: Browser;
  private readonly servers: Server[] = [];

  private constructor(folder: string, browser: Browser) {
    this.folder = folder;
    this.browser = browser;
  }

  /** Bundles the page and starts the browser, with more options of its command line. */
  static async open(args: string[] = []): Promise<Site> {
    const browser = await openBrowser(args);
    const folder = mkdtempSync(join(tmpdir(), "pushforward-browser-"));
    const output = { outDir: folder, emptyOutDir: true };
    await build({
      root,
      configFile: join(root, "vite.config.ts"),
      logLevel: "warn",
      mode: "production",
      build: output,
    });
    return new Site(folder, browser);
  }

  /**
   * Opens the page, answered as said.
   *
   * @throws Error with what the page threw while it loaded
   */
  async page(answers: Answers = {}): Promise<OpenPage> {
    const { url, server } = await serve(this.folder, answers);
    this.servers.push(server);
    const tab = await this.browser.newPage();
    const faults: string[] = [];
    tab.on("pageerror", ({ message }) => faults.push(message));
    await tab.goto(url);
    if (faults.length > 0) throw new Error(`page: it must load, got ${faults.join("; ")}`);
    return (name, ...args) => tab.evaluate(callPage, { name, args }) as never;
  }

  /** Closes all pages. */
  async closePages(): Promise<void> {
    for (const tabs of this.browser.contexts()) await tabs.close();
    for (const server of this.servers.splice(0)) server.close();
  }

  /** Closes the pages and ends the browser. */
  async close(): Promise<void> {
    await this.closePages();
    await this.browser.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Runs in the page. */
function callPage({ name, args }: { name: string; args: readonly unknown[] }): Promise<unknown> {
  const page = globalThis as unknown as { callPage: (name: string, args: readonly unknown[]) => Promise<unknown> };
  return page.callPage(name, args);
}

import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { openBrowser } from "../../../tests/browser/test/support/chromium.ts";
import { pageHeaders } from "../../build/security.ts";
import { type Headers, serve } from "../../build/serve.ts";
import { builtSite, recorded, sitePath } from "./builtSite.ts";

/** An open page with everything that went wrong in it. */
export interface Tab {
  readonly page: Page;
  /** Errors of scripts, in the page and in its workers as far as the browser tells. */
  readonly faults: readonly string[];
  /** Directives of the policy that something violated. */
  violations(): Promise<readonly string[]>;
  /** Rules of WCAG A and AA that the page breaks, with the elements. */
  barriers(): Promise<readonly string[]>;
}

/** How a page is opened. */
export interface TabOptions {
  /** The file of the site; default the first page. */
  readonly file?: string;
  /** The part of the address after the file, from `#` on. */
  readonly hash?: string;
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: "light" | "dark";
  readonly reducedMotion?: "reduce";
  /** Headers of all answers; default those of the command. */
  readonly headers?: Headers;
  /** Runs before the page's scripts. */
  readonly before?: () => void;
}

/** The built page and a browser that opens it. */
export class Site {
  /** The root of the host; the site lies in it and in `sub/path`. */
  readonly folder: string;
  private readonly browser: Browser;
  private readonly servers: Server[] = [];

  private constructor(folder: string, browser: Browser) {
    this.folder = folder;
    this.browser = browser;
  }

  /**
   * Starts the browser, and builds the site unless another process has.
   *
   * @param folder root of the host, which the tests of a run share
   * @param args   more options of the browser's command line
   */
  static async open(folder: string, args: string[] = []): Promise<Site> {
    await builtSite(folder);
    return new Site(folder, await openBrowser(args));
  }

  readonly recorded = recorded;

  /** Folder of the built site. */
  get built(): string {
    return join(this.folder, sitePath);
  }

  /** Opens a page of the site. */
  async tab(options: TabOptions = {}): Promise<Tab> {
    const { file = "", hash = "", width = 1280, height = 900, colorScheme = "light", reducedMotion, before } = options;
    const { headers = pageHeaders } = options;
    const { url, server } = await serve(this.folder, { headersOf: () => headers });
    this.servers.push(server);
    const context = await this.browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion });
    const page = await context.newPage();
    const faults: string[] = [];
    page.on("pageerror", ({ message }) => faults.push(message));
    page.on("console", (message) => {
      if (message.type() === "error") faults.push(message.text());
    });
    await page.addInitScript(collectViolations);
    if (before) await page.addInitScript(before);
    await page.goto(`${url}${sitePath}/${file}${hash}`);
    return {
      page,
      faults,
      violations: () => page.evaluate(() => (globalThis as unknown as { violations: string[] }).violations),
      barriers: () => barriersOf(page),
    };
  }

  /** Closes all pages. */
  async closeTabs(): Promise<void> {
    for (const context of this.browser.contexts()) await context.close();
    for (const server of this.servers.splice(0)) server.close();
  }

  /** Closes the pages and ends the browser. */
  async close(): Promise<void> {
    await this.closeTabs();
    await this.browser.close();
  }
}

/** Runs in the page before its scripts. */
function collectViolations(): void {
  const violations: string[] = [];
  Object.assign(globalThis, { violations });
  document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) =>
    violations.push(`${effectiveDirective}: ${blockedURI}`),
  );
}

const axeSource = (): string => readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}

async function barriersOf(page: Page): Promise<string[]> {
  await page.evaluate(axeSource());
  const { violations } = await page.evaluate(() => {
    const { axe } = globalThis as unknown as { axe: { run(options: object): Promise<AxeResult> } };
    return axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], resultTypes: ["violations"] });
  });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

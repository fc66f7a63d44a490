import type { Server } from "node:http";
import { openBrowser } from "../../../tests/browser/test/support/chromium.ts";
import { isolation, serve } from "../../../tests/browser/test/support/server.ts";
import type { Answering, Pool } from "../run/pool.ts";
import type { Answers, Request } from "../worker/protocol.ts";
import type { PageCompetitor } from "./competitors.ts";

type Prepare = Extract<Request, { type: "prepare" }>;

type Browser = Awaited<ReturnType<typeof openBrowser>>;

/** An open page. */
interface Opened {
  readonly tab: Awaited<ReturnType<Browser["newPage"]>>;
  /** Names of the competitors that are prepared in the page. */
  readonly prepared: Set<string>;
}

/** Chromium allows WebGPU on a software adapter only with this unsafe flag. */
const ownFlags = ["--enable-unsafe-webgpu"];

/** The competitors of one page. A page that hangs or crashes is replaced, and its competitors are prepared again. */
export class PagePool implements Pool<PageCompetitor> {
  private readonly folder: string;
  private readonly flags: readonly string[];
  private site: { readonly url: string; readonly server: Server } | undefined;
  private browser: Browser | undefined;
  private opened: Opened | undefined;
  private readonly requests = new Map<string, Prepare>();

  /**
   * @param folder the bundled page
   * @param flags  more options of the browser's command line
   */
  constructor(folder: string, flags: readonly string[]) {
    this.folder = folder;
    this.flags = flags;
  }

  get(competitor: PageCompetitor): Answering {
    return { ask: (request, limit) => this.ask(competitor, request, limit) };
  }

  async stop({ name }: PageCompetitor): Promise<void> {
    this.requests.delete(name);
  }

  /** Closes the page: the next page has fresh memory and devices. */
  async stopAll(): Promise<void> {
    this.requests.clear();
    await this.opened?.tab.close();
    this.opened = undefined;
  }

  /** Closes the browser as well. */
  async close(): Promise<void> {
    await this.endBrowser();
    this.site?.server.close();
  }

  private async ask<T extends Request["type"]>(
    competitor: PageCompetitor,
    request: Extract<Request, { type: T }>,
    limit: number,
  ): Promise<Answers[T]> {
    const { name } = competitor;
    this.opened ??= await this.open();
    const { prepared } = this.opened;
    const earlier = this.requests.get(name);
    if (request.type === "prepare") this.requests.set(name, request as Prepare);
    else if (earlier && !prepared.has(name)) await this.send(competitor, { ...earlier, calls: 1 }, limit);
    const answer = await this.send(competitor, request, limit);
    prepared.add(name);
    return answer as Answers[T];
  }

  private async open(): Promise<Opened> {
    this.site ??= await serve(this.folder, { headers: isolation });
    this.browser ??= await openBrowser([...ownFlags, ...this.flags]);
    const tab = await this.browser.newPage();
    await tab.goto(this.site.url);
    return { tab, prepared: new Set() };
  }

  /** @throws Error with the error of the page, or with its exit */
  private async send(competitor: PageCompetitor, request: Request, limit: number): Promise<Answers[keyof Answers]> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      const message = `no answer to ${request.type} within ${Math.round(limit / 1000)} s`;
      timer = setTimeout(() => reject(new Error(message)), limit);
    });
    try {
      const answered = this.opened!.tab.evaluate(askThere, { competitor, request });
      answered.catch(() => {}); // an answer after the limit
      const answer = await Promise.race([answered, tooLate]);
      if ("error" in answer) throw new AnsweredError(answer.error);
      return answer;
    } catch (error) {
      if (error instanceof AnsweredError) throw error;
      await this.endBrowser(); // with the process that holds the GPU, which may hang too
      throw new Error((error as Error).message.split("\n")[0]);
    } finally {
      clearTimeout(timer);
    }
  }

  private async endBrowser(): Promise<void> {
    const { browser } = this;
    [this.browser, this.opened] = [undefined, undefined];
    await browser?.close();
  }
}

/** An error that a working page reports. */
class AnsweredError extends Error {}

/** This function runs in the page. */
function askThere(args: {
  competitor: PageCompetitor;
  request: Request;
}): Promise<Answers[keyof Answers] | { readonly error: string }> {
  const page = globalThis as unknown as {
    askPage: (
      competitor: PageCompetitor,
      request: Request,
    ) => Promise<Answers[keyof Answers] | { readonly error: string }>;
  };
  return page.askPage(args.competitor, args.request);
}

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pageHeaders } from "../build/security.ts";
import { type Served, serve } from "../build/serve.ts";

let folder: string;
let served: Served;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "pushforward-serve-"));
  for (const [name, text] of Object.entries({ "index.html": "<p>", "a.js": "1", "secret.env": "x" }))
    writeFileSync(join(folder, name), text);
  served = await serve(folder, { headersOf: () => pageHeaders });
});
afterAll(() => {
  served.server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Status of the answer to a path that no client repairs before it is sent. */
const statusOf = (path: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(served.url);
    request({ hostname, port, path }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });

describe("the server of the page", () => {
  it("sends files with their types and the headers of an isolated page without eval", async () => {
    const answer = await fetch(`${served.url}a.js`);
    expect(await answer.text()).toBe("1");
    expect(answer.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    expect(answer.headers.get("content-security-policy")).toMatch(
      /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval';/,
    );
    expect(answer.headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(answer.headers.get("cross-origin-embedder-policy")).toBe("require-corp");
  });

  it("answers a folder with its index", async () => {
    expect(await (await fetch(served.url)).text()).toBe("<p>");
  });

  it.each([
    "/none.js",
    "/secret.env",
    "/../../etc/passwd",
    "/..%2f..%2fetc%2fpasswd",
    "/%",
    "/a.js%00",
    "//",
    "/a.js/",
  ])("has no file %s", async (path) => {
    expect(await statusOf(path)).toBe(404);
  });

  it("says that a port is taken", async () => {
    const port = Number(new URL(served.url).port);
    await expect(serve(folder, { headersOf: () => ({}), port })).rejects.toThrow("EADDRINUSE");
  });
});

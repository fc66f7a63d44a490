import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reasonToSkip } from "../../../tests/browser/test/support/chromium.ts";
import { bundlePage } from "../../src/gpu/bundlePage.ts";
import { pageCompetitors } from "../../src/gpu/competitors.ts";
import { PagePool } from "../../src/gpu/pagePool.ts";

const wasm = pageCompetitors.find(({ mode }) => mode === "wasm")!;
const other = { ...wasm, name: "another one" };
const limit = 60_000;

describe("the page", () => {
  const folder = mkdtempSync(join(tmpdir(), "pushforward-bench-"));
  const pool = new PagePool(folder, []);
  beforeAll(() => (reasonToSkip === undefined ? bundlePage(folder) : undefined));
  afterAll(async () => {
    await pool.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("reports an error in the page, and continues", async (context) => {
    context.skip(reasonToSkip !== undefined, reasonToSkip);
    const run = { type: "run", budget: 0, calls: 1, untimed: 0 } as const;
    await expect(pool.get(wasm).ask<"run">(run, limit)).rejects.toThrow("run: nothing is prepared");
    expect((await pool.get(wasm).ask<"describe">({ type: "describe" }, limit)).device?.adapter).toBe("processor");
  });

  it("that hangs is replaced, and its competitors are prepared again", async (context) => {
    context.skip(reasonToSkip !== undefined, reasonToSkip);
    const prepare = { type: "prepare", task: { kind: "matmul", size: 5, count: 2 }, calls: 2 } as const;
    const { values } = await pool.get(wasm).ask<"prepare">(prepare, limit);
    expect(values[1]).toBe(values[0]);
    await pool.get(other).ask<"prepare">(prepare, limit);
    const endless = { type: "run", budget: 1e9, calls: 1, untimed: 0 } as const;
    await expect(pool.get(other).ask<"run">(endless, 300)).rejects.toThrow("no answer to run within 0 s");
    const { times } = await pool.get(wasm).ask<"run">({ type: "run", budget: 0, calls: 3, untimed: 0 }, limit);
    expect(times).toHaveLength(3);
  });
});

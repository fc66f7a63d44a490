import { describe, expect, it } from "vitest";
import { reasonToSkip } from "../../../tests/browser/test/support/chromium.ts";
import { pageCompetitors } from "../../src/gpu/competitors.ts";
import { gpuGroups } from "../../src/gpu/groups.ts";
import { type GpuRunOptions, runGpuBench } from "../../src/gpu/runGpuBench.ts";
import type { Group } from "../../src/groups/group.ts";
import { stepCase } from "../../src/groups/step.ts";
import type { Row } from "../../src/report/row.ts";
import { quickSettings } from "../../src/run/settings.ts";

const [matmul, step] = gpuGroups("software");

/** Groups that end soon on any adapter. */
const tiny: readonly Group[] = [
  { ...matmul, cases: () => [{ name: "9 × 9", task: { kind: "matmul", size: 9, count: 2 }, roles: [] }] },
  { ...step, cases: () => [stepCase(6, 5, "full", [])] },
];

const run = (options: Partial<GpuRunOptions> = {}): Promise<{ rows: readonly Row[] }> =>
  runGpuBench({
    settings: { ...quickSettings, warmUp: 0, budget: 0, rounds: 1, leastCalls: 1, limit: 60_000, deadline: 600_000 },
    onProgress: () => {},
    groups: tiny,
    ...options,
  });

describe("a run without a browser", () => {
  it("has rows with the note absent", async () => {
    const { rows } = await run({ hasBrowser: false });
    expect(rows.map(({ implementation }) => implementation)).toEqual([
      ...pageCompetitors.filter(({ stepsPerCall }) => stepsPerCall === undefined).map(({ name }) => name),
      ...pageCompetitors.map(({ name }) => name),
    ]);
    for (const { medianMs, note, figures } of rows) {
      expect([medianMs, note, figures?.adapter]).toEqual([null, "absent: there is no Chromium on the PATH", "none"]);
    }
  });
});

describe("a run in Chromium", () => {
  it("measures all competitors with a device, and names the device", async (context) => {
    context.skip(reasonToSkip !== undefined, reasonToSkip);
    const { rows } = await run({ peak: 1e9 });
    for (const row of rows) {
      expect(row.medianMs === null).toBe(row.note !== undefined);
      if (row.medianMs === null) expect(row.note).toMatch(/^absent: the browser offers no web|^failed: /);
      else expect(row.figures?.adapter).not.toBe("none");
      expect(row.figures?.software === 1 && row.figures.partOfPeak !== undefined).toBe(false);
    }
    const wasm = rows.filter(({ implementation }) => implementation === "pushforward, wasm");
    expect(wasm.map(({ medianMs }) => typeof medianMs)).toEqual(["number", "number"]);
    if (process.env.REQUIRE_WEBGPU === "1") expect(rows.filter(({ note }) => note !== undefined)).toEqual([]);
  });

  it("continues if the browser has no GPU", async (context) => {
    context.skip(reasonToSkip !== undefined, reasonToSkip);
    const { rows } = await run({
      browserFlags: ["--disable-3d-apis", "--disable-features=WebGPUService"],
      only: ["matmul"],
    });
    const absent = rows.filter(({ note }) => note?.startsWith("absent: the browser offers no webgl2 here"));
    expect(absent.map(({ implementation }) => implementation)).toEqual(["pushforward, webgl2", "tfjs, webgl2"]);
    expect(rows.at(-1)?.medianMs).toBeGreaterThan(0);
  });
});

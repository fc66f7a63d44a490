import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ourGpuName } from "../../src/gpu/competitors.ts";
import { groups } from "../../src/groups/index.ts";
import { matmul } from "../../src/groups/matmul.ts";
import { stepLosses, stepName, stepSizesOfTargets } from "../../src/groups/step.ts";
import { cellOf, formatText, notesOf, tableOf } from "../../src/report/cells.ts";
import { findingOf, findingsOf } from "../../src/report/findings.ts";
import { thisMachine, withoutFolders } from "../../src/report/machine.ts";
import { formatMarkdown, formatReport, onGpus, type Report } from "../../src/report/report.ts";
import { type Measurement, type Row, Rows, withRatios } from "../../src/report/row.ts";
import { targets } from "../../src/report/targets.ts";
import { writeReport } from "../../src/report/writeReport.ts";
import { fullSettings, quickSettings } from "../../src/run/settings.ts";

const measured = (implementation: string, medianMs: number | null, more: Partial<Measurement> = {}): Measurement => ({
  group: "step",
  case: "(1024, 256) sg",
  implementation,
  medianMs,
  minMs: medianMs,
  ...more,
});

const rows: Row[] = [
  ...withRatios(
    [
      measured("pushforward", 10),
      measured("jax-js", 40),
      measured("JAX", null, { note: "absent: python3 cannot import jax" }),
    ],
    "pushforward",
  ),
  ...withRatios(
    [measured("pushforward", 15, { case: "(1024, 256) full" }), measured("jax-js", 30, { case: "(1024, 256) full" })],
    "pushforward",
  ),
];

describe("rows", () => {
  it("have the six fields that are printed, and a reason where there is no figure", () => {
    for (const row of rows) {
      expect(Object.keys(row).slice(0, 6)).toEqual(["group", "case", "implementation", "medianMs", "minMs", "ratio"]);
      expect(row.medianMs === null).toBe(row.note !== undefined);
    }
  });

  it("ratios are medians over ours, null without one of both", () => {
    expect(rows.map(({ ratio }) => ratio)).toEqual([1, 4, null, 1, 2]);
    const failed = [measured("pushforward", null, { note: "failed: x" }), measured("jax-js", 40)];
    expect(withRatios(failed, "pushforward").map(({ ratio }) => ratio)).toEqual([null, null]);
  });
});

describe("tables", () => {
  const step = groups[0];

  it("have a line for each case and a column for each implementation", () => {
    expect(tableOf(step, rows)).toEqual({
      head: ["", "pushforward", "jax-js", "JAX"],
      lines: [
        ["(1024, 256) sg", "10.0", "40.0 · 4.00×", "absent"],
        ["(1024, 256) full", "15.0", "30.0 · 2.00×", ""],
      ],
    });
  });

  it("stand in columns on a terminal", () => {
    expect(formatText({ head: ["", "a", "bb"], lines: [["long name", "1", "2"]] })).toBe(
      ["           a  bb", "────────────────", "long name  1   2"].join("\n"),
    );
  });

  it("a group chooses what a cell shows", () => {
    const [row] = withRatios([measured("pushforward", 2, { figures: { gflops: 51.23 } })], "pushforward");
    expect(cellOf(matmul, row)).toBe("51.2");
  });

  it("reasons are listed once", () => {
    expect(notesOf([...rows, ...rows])).toEqual(["JAX: absent: python3 cannot import jax (2 rows)"]);
  });
});

describe("targets", () => {
  const against = (name: string) => findingsOf(rows).find(({ target }) => target.name === name)!;

  it("are judged by their worst cell and by the mean", () => {
    const { cells, verdict } = against("step against jax-js");
    expect(cells.map(({ value }) => value)).toEqual([4, 2]);
    expect(verdict).toBe("missed");
  });

  it("targets without rows are not measured", () => {
    expect(against("step against tfjs").verdict).toBe("not measured");
  });

  it("between floor and goal, lower is better where it is said to be", () => {
    const target = targets.find(({ name }) => name === "sg against full")!;
    const verdictAt = (sg: number): string =>
      findingOf(target, new Rows([...withRatios([measured("pushforward", sg)], "pushforward"), ...rows.slice(3)]))
        .verdict;
    expect([10, 10.5, 12].map(verdictAt)).toEqual(["goal", "floor", "missed"]);
  });

  it("of networks are parts of the time of JAX", () => {
    const target = targets.find(({ name }) => name === "step of a U-Net, part of the time of JAX")!;
    const of = (implementation: string, ms: number) =>
      measured(implementation, ms, { group: "networks", case: "U-Net 16-32-32" });
    const verdictAt = (ms: number): string =>
      findingOf(target, new Rows(withRatios([of("pushforward", ms), of("JAX", 100)], "pushforward"))).verdict;
    expect([59, 60, 61].map(verdictAt)).toEqual(["goal", "goal", "missed"]);
  });

  it("speak of cases that exist", () => {
    // Large networks are left out of quick runs.
    const settingsOf = (group: (typeof groups)[number]) => (group.name === "networks" ? fullSettings : quickSettings);
    const names = new Set(groups.flatMap((group) => group.cases(settingsOf(group))).map(({ name }) => name));
    const sizes = stepSizesOfTargets.map(([batch, width]) => `(${batch}, ${width})`);
    expect(targets.flatMap(({ cells }) => cells).filter((cell) => !names.has(cell) && !sizes.includes(cell))).toEqual(
      [],
    );
  });
});

describe("groups", () => {
  it("a quick run has every group, and the steps of the targets", () => {
    for (const group of groups) expect(group.cases(quickSettings).length).toBeGreaterThan(0);
    const steps = groups[0].cases(quickSettings).map(({ name }) => name);
    expect(steps).toEqual(
      expect.arrayContaining(
        stepSizesOfTargets.flatMap(([batch, width]) => stepLosses.map((loss) => stepName(batch, width, loss))),
      ),
    );
  });

  it("names of cases are unique, and fractions add up to 1", () => {
    for (const settings of [quickSettings, fullSettings]) {
      for (const group of groups) {
        const names = group.cases(settings).map(({ name }) => name);
        expect(new Set(names).size).toBe(names.length);
      }
    }
    expect(groups.reduce((sum, { fraction }) => sum + fraction, 0)).toBeCloseTo(1, 12);
  });
});

describe("reports", () => {
  const report: Report = {
    machine: {
      date: "2026-01-02T03:04:05.000Z",
      command: "pnpm bench",
      node: "20.20.0",
      system: "linux 6",
      processor: "a processor",
      cores: 2,
      memory: 16e9,
      loadBefore: 0.5,
    },
    versions: { pushforward: "wasm", "jax-js": "0.1" },
    foreignCores: 0.25,
    rows,
  };

  it("say where, how and with which versions", () => {
    const text = formatReport(report);
    for (const part of ["2026-01-02", "`pnpm bench`", "a processor, 2 cores", "jax-js: 0.1", "0.25 cores"])
      expect(text).toContain(part);
  });

  it("contain no folders of the machine", () => {
    const command =
      'pnpm bench --python /opt/venv/bin/python --guest a=/home/me/guest.mjs --node "26 --flag" --only step';
    expect(thisMachine(command).command).toBe(
      'pnpm bench --python …/python --guest a=…/guest.mjs --node "26 --flag" --only step',
    );
    expect(withoutFolders("no folders here: 1/2, a/b, https://example.org/a/b")).toBe(
      "no folders here: 1/2, a/b, https://example.org/a/b",
    );
  });

  it("as Markdown show the same rows", () => {
    const text = formatMarkdown(report, "2026-01-02.json");
    expect(text).toContain("| (1024, 256) sg | 10.0 | 40.0 · 4.00× | absent |");
    expect(text).toContain("[2026-01-02.json](2026-01-02.json)");
    expect(text).toContain("- JAX: absent: python3 cannot import jax");
  });

  it("of GPUs name adapters, mark software adapters, and show the fraction of the peak", () => {
    const on = (implementation: string, gflops: number, figures: Row["figures"]): Measurement =>
      measured(implementation, 1, { group: "matmul", case: "128 × 128", figures: { ...figures, gflops } });
    const rows = withRatios(
      [
        on(ourGpuName, 512, { adapter: "a card", partOfPeak: 0.0125 }),
        on("tfjs, webgl2", 2, { adapter: "SwiftShader", software: 1 }),
      ],
      ourGpuName,
    );
    const { foreignCores, ...rest } = report;
    const folder = mkdtempSync(join(tmpdir(), "pushforward-report-"));
    writeReport({ ...rest, rows }, folder, onGpus);
    expect(readdirSync(folder)).toEqual(["2026-01-02-gpu.json", "gpu.md"]);
    const text = readFileSync(join(folder, "gpu.md"), "utf8");
    rmSync(folder, { recursive: true });
    expect(text).toContain("|  | pushforward, webgpu | tfjs, webgl2 (software) |");
    expect(text).toContain("| 128 × 128 | 512 (1.25 %) | 2.00 |");
    expect(text).not.toContain("Targets");
    expect(text).not.toContain(`${foreignCores} cores`);
  });
});

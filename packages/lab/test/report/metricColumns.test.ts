import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Metric, metricNames, metrics, type Scores } from "@pushforward/training";
import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { renderFormula } from "../../src/report/formula.ts";
import { directionSentence, unitsSentence } from "../../src/report/metricSentences.ts";
import { renderReport } from "../../src/report/renderReport.ts";
import { renderStudy } from "../../src/report/renderStudy.ts";
import type { ResultRow } from "../../src/report/report.ts";
import { studiedColumns, studyColumns } from "../../src/report/study.ts";
import { formatTable } from "../../src/report/table.ts";
import { exampleReport } from "./exampleReport.ts";

const all: Scores = Object.fromEntries(metricNames.map((name, i) => [name, 0.01 * (i + 1)]));
const rowsWith = (scores: Scores): ResultRow[] => [
  { name: "lsd", kind: "loss", ...scores },
  { name: "psd", kind: "loss", ...scores },
];
const textOf = (page: string): string => parseHTML(page).document.querySelector("body")!.textContent;
const reportOf = (scores: Scores): string => textOf(renderReport({ ...exampleReport(), results: rowsWith(scores) }));

/** The first two columns of the tables in docs/lab.md. */
const documented = readFileSync(join(import.meta.dirname, "../../../../docs/lab.md"), "utf8")
  .split("\n")
  .flatMap((line) => (line.startsWith("| ") ? line.slice(2).split(" | ").slice(0, 2).join(" | ") : []));

describe.each(metricNames)("the metric %s", (name) => {
  const { title, meaning, formula }: Metric = metrics[name];
  const { [name]: _score, ...others } = all;

  it("has a column and a sentence in reports, unless no row has a score", () => {
    const [page, without] = [reportOf(all), reportOf(others)];
    for (const text of [title, meaning]) {
      expect(page).toContain(text);
      expect(without).not.toContain(text);
    }
  });

  it("has a column in tables of a terminal and of a study", () => {
    expect(formatTable(rowsWith(all)).split("\n")[0]).toContain(title);
    expect(formatTable(rowsWith(others)).split("\n")[0]).not.toContain(title);
    expect(studiedColumns.map(({ key }) => key)).toContain(name);
  });

  it("has a formula that can be set, and a row in docs/lab.md", () => {
    expect(renderFormula(formula).text).toContain("<math");
    expect(documented).toContain(`${title} | \`${name}\``);
  });
});

describe("the page of a study", () => {
  const studyOf = (scores: Scores): string => {
    const row = (each: string) => ({
      ...{ name: each, kind: "loss" as const, family: "forward", diverged: 0, failures: [] },
      scores: Object.fromEntries(
        Object.entries(scores).map(([key, mean]) => [key, { mean, deviation: 0, values: [mean] }]),
      ),
    });
    const problem = {
      name: "moons",
      description: "Two half circles.",
      units: "in data units",
      rows: [row("lsd"), row("psd")],
    };
    const head = { title: "A study", summary: "", command: "compare --all", created: "2025-03-04T10:20:30.000Z" };
    return textOf(renderStudy({ ...head, problems: [problem], seeds: 1, environment: {}, config: {} }));
  };

  it("shows each metric, and its unit unless no row has a score", () => {
    const page = studyOf(all);
    for (const name of metricNames) expect(page).toContain(metrics[name].title);
    expect(page).toMatch(/histogram KL is in nats/i);
    const { histogramKl: _kl, ...others } = all;
    expect(studyOf(others)).not.toMatch(/histogram KL|nats/i);
    expect(studyOf(others)).toMatch(/ metrics are in data units\./);
    expect(studyColumns([])).toEqual([]);
  });
});

describe("directionSentence", () => {
  it("names the metrics that are better the larger they are", () => {
    const { energyDistance, accuracy } = metrics;
    expect(directionSentence([energyDistance])).toBe("Smaller is better.");
    expect(directionSentence([accuracy])).toBe("Larger is better.");
    expect(directionSentence([energyDistance, accuracy])).toBe(
      "Larger is better for accuracy, smaller for the other metrics.",
    );
    expect(directionSentence([accuracy, { ...accuracy, title: "recall" }, energyDistance])).toBe(
      "Larger is better for accuracy and recall, smaller for the other metrics.",
    );
    expect(directionSentence([])).toBe("");
  });

  it("is told by the table, whose best score has that direction", () => {
    const rows: ResultRow[] = [
      { name: "lsd", kind: "loss", accuracy: 0.5, energyDistance: 0.1 },
      { name: "psd", kind: "loss", accuracy: 0.9, energyDistance: 0.2 },
    ];
    const [, , lsd, psd] = formatTable(rows).split("\n");
    expect(lsd).toMatch(/0\.100\* +0\.500$/);
    expect(psd).toMatch(/0\.200 +0\.900\*$/);
  });
});

describe("unitsSentence", () => {
  it("names the metrics that are not in the unit of the data", () => {
    const { energyDistance, histogramKl } = metrics;
    expect(unitsSentence([energyDistance], "in cm")).toBe("All metrics are in cm.");
    expect(unitsSentence([energyDistance, histogramKl], "in cm")).toBe(
      "Histogram KL is in nats, the other metrics are in cm.",
    );
    expect(unitsSentence([histogramKl, { ...energyDistance, title: "MMD²", unit: "none" }], "in cm")).toBe(
      "Histogram KL is in nats, MMD² has no unit.",
    );
    expect(unitsSentence([], "in cm")).toBe("");
  });
});

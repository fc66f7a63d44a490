import { describe, expect, it } from "vitest";
import { type ComparedPoints, isBetterScore, type Metric } from "../../src/judging/metric.ts";
import { metricNames, metrics, rankingMetric } from "../../src/judging/metrics.ts";
import type { PointSet } from "../../src/judging/pointSet.ts";

const rows = Object.entries(metrics as Readonly<Record<string, Metric>>);

/** A lattice in the unit square, moved to the right. */
const square = (shift: number): PointSet => ({
  values: Float64Array.from({ length: 800 }, (_, i) =>
    i % 2 === 0 ? (Math.floor(i / 2) % 20) / 20 + shift : Math.floor(i / 40) / 20,
  ),
  dim: 2,
});

/** A sampler whose points all lie `shift` to the right of where they belong; a part of them is given another class. */
const shiftedBy = (shift: number): ComparedPoints => {
  const [exact, made] = [square(0), square(shift)];
  const classes = (wrong: number): PointSet => ({
    values: Array.from({ length: 100 }, (_, i) => (i < wrong ? 1 : 0)),
    dim: 1,
  });
  return {
    ...{ heldOut: exact, exactMap: exact, samples: made, oneStep: made, fourSteps: made },
    ...{ askedClasses: classes(0), sampleClasses: classes(50 * shift) },
    ...{ heldOutFeatures: exact, sampleFeatures: made, fourStepFeatures: made },
  };
};

/** What is wrong with a row of the table. */
function faultsOf({ title, meaning, formula, needs, of, where, better }: Metric): string[] {
  const scores = [0, 0.3, 1].map((shift) => of(shiftedBy(shift)));
  const words = title.split(" ").map((word) => word.toLowerCase());
  const checks: [boolean, string][] = [
    [title.trim() === title && title !== "", "title must be words"],
    [
      /^[A-Z].*\.$/.test(meaning) && words.every((word) => meaning.toLowerCase().includes(word)),
      "meaning must be a sentence with the words of the title",
    ],
    [formula.length > 5 && !formula.includes("$"), "formula must be LaTeX without $"],
    [needs.length > 0 && new Set(needs).size === needs.length, "needs must list points once"],
    [where === undefined || /^problems /.test(where.words), "where must begin with problems"],
    [
      [1, 2].every((i) => isBetterScore({ better }, scores[i - 1], scores[i])),
      "the score must be worse for a larger error",
    ],
  ];
  return checks.flatMap(([holds, name]) => (holds ? [] : [name]));
}

describe("the table of metrics", () => {
  it.each(rows)("has every text of %s, and a score that is worse for a larger error", (_name, metric) => {
    expect(faultsOf(metric)).toEqual([]);
  });

  it("catches a row that lacks texts, or whose score is better for a larger error", () => {
    const { energyDistance } = metrics;
    const faulty: Metric = {
      ...{ title: "", meaning: "a distance", formula: "", unit: "data", better: "smaller", needs: [] },
      of: (points) => -energyDistance.of(points),
    };
    expect(faultsOf(faulty).map((fault) => fault.split(" ")[0])).toEqual([
      "title",
      "meaning",
      "formula",
      "needs",
      "the",
    ]);
  });

  it("has a title of its own in each row", () => {
    expect(new Set(rows.map(([, { title }]) => title)).size).toBe(rows.length);
  });

  it("reads no points but those that a row needs", () => {
    for (const [name, { needs, of }] of rows) {
      const read = new Set<string | symbol>();
      of(new Proxy(shiftedBy(0.1), { get: (points, key) => read.add(key) && Reflect.get(points, key) }));
      expect([name, ...[...read].sort()]).toEqual([name, ...[...needs].sort()]);
    }
  });

  it("ranks by a metric that every problem and every sampler has", () => {
    expect(metricNames).toContain(rankingMetric);
    const { needs, where, better }: Metric = metrics[rankingMetric];
    expect(better).toBe("smaller");
    expect([...needs].sort()).toEqual(["heldOut", "samples"]);
    expect(where).toBeUndefined();
  });
});

import { cosineParts, errorParts } from "@pushforward/training";
import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { cosineSentence, cosineTable } from "../../../src/report/observations/cosineTable.ts";
import { errorSentences, errorTable } from "../../../src/report/observations/errorTable.ts";
import { exampleObservations } from "./exampleObservations.ts";

const [base, other] = exampleObservations();
const palette = (): string => "red";
const rowsOf = (text: string): string[][] =>
  [...parseHTML(text).document.querySelectorAll("tbody tr")].map((row) =>
    [...row.children].map(({ textContent }) => textContent.trim()),
  );

describe("the table of errors", () => {
  const table = errorTable([base, other], palette)!.text;

  it("has rows of thirds and trainings, and columns of spans", () => {
    const rows = rowsOf(table);
    expect(rows.map(([name]) => name)).toEqual([
      ...["first third, steps 0 to 20", "meanFlow", "meanFlow@-target"],
      ...["second third, steps 40 to 60", "meanFlow", "meanFlow@-target"],
      ...["last third, steps 80 to 100", "meanFlow", "meanFlow@-target"],
    ]);
    // Seeds have the sizes 1 and 1.1, and 0.75 and 0.85; long spans are 11 to 15 cells, 5, 4, 3, 2, 1 times.
    const unit = Math.sqrt((5 * 11 ** 2 + 4 * 12 ** 2 + 3 * 13 ** 2 + 2 * 14 ** 2 + 15 ** 2) / 15) / 16;
    expect(rows[1][3]).toBe(`${(1.05 * unit).toFixed(3)} ± ${((0.1 * unit) / Math.SQRT2).toFixed(3)}`);
    expect(rows[2][3]).toContain(`−${(0.25 * unit).toFixed(3)} ± 0.000, 2 of 2`);
  });

  it("marks the smallest error of every part", () => {
    const { document } = parseHTML(table);
    expect(document.querySelectorAll("td.best")).toHaveLength(9);
    expect(document.querySelectorAll("tr:nth-child(2) td.best")).toHaveLength(0);
    expect(parseHTML(errorTable([base], palette)!.text).document.querySelectorAll("td.best")).toHaveLength(0);
  });

  it("says in how many parts a training is better, and where most", () => {
    expect(errorSentences(errorParts([base, other]))).toEqual([
      expect.stringMatching(
        /^meanFlow@-target has a smaller error than meanFlow in 9 of 9 parts; most in the first third at .* spans: .* \(24\u00a0% smaller\), smaller with 2 of 2 seeds\.$/,
      ),
    ]);
    expect(errorSentences(errorParts([other, base]))[0]).toMatch(
      /^meanFlow has a larger error than meanFlow@-target in 9 of 9 parts; .* \(31\u00a0% larger\), larger with 2 of 2 seeds\.$/,
    );
    expect(errorSentences(errorParts([base, { ...base, name: "same" }]))).toEqual([
      "same has the same errors as meanFlow.",
    ]);
    expect(errorSentences(errorParts([base]))).toEqual([]);
  });

  it("says so where a seed is not finite, and does not exist without errors", () => {
    const [first, second] = other.seeds;
    const lost = second.observations.map(({ step }) => ({
      step,
      figures: { times: { error: Array.from({ length: 256 }, () => null) } },
    }));
    const trainings = [base, { name: "lost", seeds: [first, { seed: 1, observations: lost }] }];
    const partial = errorTable(trainings, palette)!;
    // the means are of different seeds: their ratio is no comparison
    expect(errorSentences(errorParts(trainings))[0]).toMatch(
      / 9 of 9 parts; .* against [\d.]+, smaller with 1 of 1 seeds\.$/,
    );
    expect(rowsOf(partial.text)[2][1]).toContain("1 of 2 seeds are finite");
    expect(partial.text).not.toContain("NaN");
    expect(errorTable([{ name: "blind", seeds: [{ seed: 0, observations: [] }] }], palette)).toBeUndefined();
  });
});

describe("the table of directions", () => {
  it("has rows of gradients and columns of thirds", () => {
    expect(rowsOf(cosineTable([base], palette)!.text)).toEqual([
      ["meanFlow"],
      ["as trained", "0.50 ± 0.00", "0.50 ± 0.00", "0.50 ± 0.00"],
      ["without target", "0.40 ± 0.000 of 2 seeds", "0.55 ± 0.002 of 2 seeds", "0.70 ± 0.002 of 2 seeds"],
    ]);
  });

  it("says which gradient points best, and when", () => {
    expect(cosineSentence({ name: "meanFlow", parts: cosineParts(base) })).toBe(
      "Of the gradients at the states of meanFlow, “as trained” points best in the first third, and “without target” points best in the second and the last third (better than as trained with 2 of 2 seeds).",
    );
    const late = {
      name: "late",
      seeds: base.seeds.map((each) => ({ ...each, observations: each.observations.slice(3) })),
    };
    expect(cosineSentence({ name: "late", parts: cosineParts(late) })).toBe(
      "Of the gradients at the states of late, “without target” points best in every third of the training (better than as trained with 2 of 2 seeds).",
    );
  });

  it("calls no gradient the best where all have one direction", () => {
    const none = base.seeds.map(({ seed, observations }) => ({
      seed,
      observations: observations.map(({ step }) => ({
        step,
        figures: { trueCosine: { "as trained": [0.5, 0.25], "without target": [0.5, 0.25] } },
      })),
    }));
    const parts = cosineParts({ name: "consistency", seeds: none });
    expect(cosineSentence({ name: "consistency", parts })).toBe(
      "All gradients at the states of consistency point in the same direction.",
    );
  });

  it("does not exist for a single gradient", () => {
    const seeds = [{ seed: 0, observations: [{ step: 0, figures: { trueCosine: { "as trained": [0.5] } } }] }];
    expect(cosineTable([{ name: "one", seeds }], palette)).toBeUndefined();
  });
});

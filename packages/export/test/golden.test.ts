import { type DenseTensor, fromData } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { lossCheck } from "../src/check/lossCheck.ts";
import { type TargetName, targets } from "../src/index.ts";
import { largest, tolerance, worst } from "./support/differences.ts";
import { digestOf, goldenOf } from "./support/golden.ts";
import { lossCase, placements, scalesOf, wantedOf } from "./support/lossCases.ts";

/** Frameworks whose results are recorded. Needs no framework: the source is compared with the source that the framework executed. */
const recorded = Object.keys(targets) as TargetName[];

const cases = placements();
const stored = cases.map(({ loss, without }) => lossCheck(loss, without));
const wanted = stored.map(wantedOf);
const scales = cases.map((each, i) => scalesOf(each, wanted[i]));

/** Golden results as tensors like ours. */
const resultsOf = (results: readonly (readonly number[])[], like: readonly DenseTensor[]): DenseTensor[] =>
  results.map((values, i) => fromData(Float64Array.from(values), like[i].shape));

describe.each(recorded)("golden results of %s", (to) => {
  const golden = goldenOf(to);

  it("are of the source that is emitted now: WRITE_GOLDEN=1 and the tests with the framework renew them", () => {
    const changed = cases.filter(
      (each, i) => golden[each.title]?.sha256 !== digestOf(lossCase(to, each, stored[i]).source),
    );
    expect(changed.map(({ title }) => title)).toEqual([]);
    expect(Object.keys(golden).sort()).toEqual(cases.map(({ title }) => title).sort());
  });

  it("are our values and gradients", () => {
    const far = cases.filter(
      ({ title }, i) => !(worst(resultsOf(golden[title].results, wanted[i]), wanted[i], scales[i]) <= tolerance),
    );
    expect(far.map(({ title }) => title)).toEqual([]);
  });

  it("are not those of another placement of the stop-gradients (control)", () => {
    const [stopped, free] = ["meanFlow", "meanFlow@-target"].map((title) =>
      cases.findIndex((each) => each.title === title),
    );
    const results = resultsOf(golden[cases[free].title].results, wanted[stopped]);
    expect(worst(results, wanted[stopped])).toBeGreaterThan(1e-3);
  });
});

describe("scales of the comparison", () => {
  it("are largest elements, except where the terms of an adaptive weight without its stop cancel", () => {
    const wider = cases.filter((_, i) => scales[i].some((scale, j) => scale !== largest(wanted[i][j])));
    expect(wider.map(({ title }) => title)).toEqual(["transition@-weight", "transition@-target@-weight"]);
  });
});

import type { DenseTensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { lossCheck } from "../../src/check/lossCheck.ts";
import { type TargetName, targets } from "../../src/index.ts";
import { tolerance, worst } from "./differences.ts";
import { goldenFrom, writeGolden } from "./golden.ts";
import { lossCase, placements, scalesOf, wantedOf } from "./lossCases.ts";
import { reasonToSkip, runPython } from "./python.ts";

/** Tests of every loss, with every placement of its stop-gradients, executed by a framework. */
export function describeLosses(to: TargetName): void {
  const { title, module } = targets[to];
  const reason = reasonToSkip(module);

  describe.skipIf(reason)(`losses in ${title}${reason ? ` (skipped: ${reason})` : ""}`, () => {
    const cases = reason ? [] : placements();
    const stored = cases.map(({ loss, without }) => lossCheck(loss, without));
    const sources = cases.map((each, i) => lossCase(to, each, stored[i]));
    const results = reason ? [] : runPython(to, sources);

    const differences = cases.map((each, i) => {
      const wanted = wantedOf(stored[i]);
      return worst(results[i], wanted, scalesOf(each, wanted));
    });

    it("have our value and gradient, wherever their stop-gradients are", () => {
      const faults = cases.flatMap(({ title }, i) =>
        differences[i] <= tolerance
          ? []
          : [`${title}: ${typeof results[i] === "string" ? results[i] : differences[i]}`],
      );
      expect(faults).toEqual([]);
      expect(cases.length).toBeGreaterThan(100);
      const golden = cases.map(({ title }, i) => [title, goldenFrom(sources[i].source, results[i] as DenseTensor[])]);
      writeGolden(to, Object.fromEntries(golden));
    });

    it("differ from the gradient with all stop-gradients where ours does, when one is left out (control)", () => {
      const pairs = cases.flatMap(({ loss }, i) => {
        const whole = cases.findIndex((other) => other.loss === loss && other.without.length === 0);
        return worst(wantedOf(stored[i]), wantedOf(stored[whole])) > 1e-6 ? [[i, whole]] : [];
      });
      expect(pairs.filter(([i, whole]) => worst(results[i], wantedOf(stored[whole])) <= 1e-6)).toEqual([]);
      expect(pairs.length).toBeGreaterThan(40);
    });
  });
}

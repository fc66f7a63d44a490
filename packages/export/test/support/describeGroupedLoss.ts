import { describe, expect, it } from "vitest";
import { groupedLoss } from "../../../losses/test/support/groupedLoss.ts";
import { lossCheck } from "../../src/check/lossCheck.ts";
import { type TargetName, targets } from "../../src/index.ts";
import { tolerance, worst } from "./differences.ts";
import { lossCase, wantedOf } from "./lossCases.ts";
import { reasonToSkip, runPython } from "./python.ts";

/** Tests of a loss that compares samples, executed by a framework. */
export function describeGroupedLoss(to: TargetName): void {
  const { title, module } = targets[to];
  const reason = reasonToSkip(module);

  describe.skipIf(reason)(`a loss that compares samples in ${title}${reason ? ` (skipped: ${reason})` : ""}`, () => {
    it("has our value and gradient, and not those of groups of one sample", () => {
      const stored = lossCheck(groupedLoss);
      const [found] = runPython(to, [lossCase(to, { loss: groupedLoss, without: [] }, stored)]);
      expect(worst(found, wantedOf(stored))).toBeLessThan(tolerance);
      const single = {
        ...groupedLoss,
        group: 1,
        loss: (input: never) => groupedLoss.loss({ ...(input as object), group: 1 } as never),
      };
      expect(worst(found, wantedOf(lossCheck(single as typeof groupedLoss)))).toBeGreaterThan(1e-3);
    });
  });
}

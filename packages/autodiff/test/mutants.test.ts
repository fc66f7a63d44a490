import type { PrimitiveName } from "@pushforward/tensor";
import { findMismatch, forAll, type PrimitiveCase, primitiveCases } from "@pushforward/testing";
import { afterAll, describe, expect, it } from "vitest";
import { isJudged, judge, tolerance } from "./support/conformance.ts";
import { derivativeCase, differentiable } from "./support/derivativeCase.ts";
import { chosenOperands, mappedAndLooped } from "./support/mapped.ts";
import { batchMutants, jvpMutants, type Mutant, transposeMutants } from "./support/mutants.ts";
import { linearOperands, transposable, transposeGap } from "./support/transposed.ts";

// Many cases on a busy machine.
/** Cases of a primitive on which its rules are tried, until one shows a mistake. */
const draws = 40;
/** Of these, how many show that the right rules pass. */
const controls = 4;

const drawn = new Map<PrimitiveName, PrimitiveCase[]>();
function casesOf(name: PrimitiveName): PrimitiveCase[] {
  const known = drawn.get(name);
  if (known) return known;
  const cases: PrimitiveCase[] = [];
  // What has no derivative is seen on numbers of every kind, what has one at smooth points.
  const values = differentiable.includes(name) ? "smooth" : "special";
  forAll(primitiveCases(name, { values }) as Parameters<typeof forAll<PrimitiveCase>>[0], (each) => cases.push(each), {
    runs: draws,
  });
  // Small cases with elements first: they show a mistake soonest.
  const size = ({ operands }: PrimitiveCase): number => operands.reduce((sum, x) => sum + x.size, 0) || 1e9;
  cases.sort((a, b) => size(a) - size(b));
  drawn.set(name, cases);
  return cases;
}

/** The checks of the conformance tests, on one case: true where they find nothing wrong. */
const derivativesHold = (each: PrimitiveCase): boolean =>
  !differentiable.includes(each.name) || judge(derivativeCase(each)).every((v) => !isJudged(v) || v.error <= tolerance);
const transposesHold = (each: PrimitiveCase): boolean =>
  !transposable.includes(each.name) || linearOperands(each).every((i) => transposeGap(each, i) <= 1e-15);
function batchesHold(each: PrimitiveCase, n: number): boolean {
  const { mapped, looped } = mappedAndLooped(each, chosenOperands(each.operands.length, n), n % 3);
  return findMismatch(mapped, looped, "bits") === undefined;
}

type Check = (each: PrimitiveCase, n: number) => boolean;

/** Whether some case shows that the rule is wrong; an error is a way to show it. */
function isKilled(mutant: Mutant, checks: readonly Check[]): boolean {
  return mutant.during(() =>
    casesOf(mutant.primitive).some((each, n) => {
      try {
        return !checks.every((check) => check(each, n));
      } catch {
        return true;
      }
    }),
  );
}

const totals = { killed: 0, of: 0 };
afterAll(() => {
  if (process.env.PUSHFORWARD_CASES) console.info(`mutants killed: ${totals.killed} of ${totals.of}`);
});

describe.each([
  ["forward rules", jvpMutants(), [derivativesHold]],
  ["transposes", transposeMutants(), [derivativesHold, transposesHold]],
  ["batch rules", batchMutants(), [batchesHold]],
] as const)("wrong %s", (_, mutants, checks) => {
  it("are right when nothing is changed", () => {
    for (const name of new Set(mutants.map(({ primitive }) => primitive)))
      casesOf(name)
        .slice(0, controls)
        .forEach((each, n) => {
          expect(
            checks.map((check) => check(each, n)),
            name,
          ).toEqual(checks.map(() => true));
        });
  });

  it("are found by the conformance checks, 95 of 100 at least", () => {
    const survivors: string[] = [];
    let count = 0;
    for (const mutant of mutants) {
      const killed = isKilled(mutant, checks);
      // A mutant whose mistake never came into effect is the right rule.
      if (!killed && !mutant.wasReached()) continue;
      count++;
      if (!killed) survivors.push(mutant.name);
    }
    totals.killed += count - survivors.length;
    totals.of += count;
    expect(count).toBeGreaterThan(60);
    expect(survivors.length / count, survivors.join("; ")).toBeLessThan(0.05);
  });
});

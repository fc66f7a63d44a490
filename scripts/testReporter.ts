import { writeFileSync } from "node:fs";
import type { SerializedError } from "vitest";
import type { Reporter, TestCase, TestModule } from "vitest/node";
import type { Totals } from "./testTotals.ts";

/** Counts tests by their final state, and prints the reasons of tests that skip themselves. */
export default class TotalsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const totals: Totals = { passed: 0, failed: unhandled.length, skipped: 0 };
    for (const module of modules) {
      totals.failed += failuresOutsideTests(module);
      for (const test of module.children.allTests()) count(test, totals);
    }
    const file = process.env.TEST_TOTALS_FILE;
    if (file) writeFileSync(file, JSON.stringify(totals));
  }
}

/** Files that do not load, and hooks that throw, are failures of the run without a failed test. */
function failuresOutsideTests(module: TestModule): number {
  let failures = module.errors().length;
  for (const suite of module.children.allSuites()) failures += suite.errors().length;
  return failures;
}

function count(test: TestCase, totals: Totals): void {
  const { state, note } = test.result() as { state: string; note?: string };
  if (state === "passed") totals.passed += 1;
  else if (state === "failed") totals.failed += 1;
  else {
    totals.skipped += 1;
    if (note) console.log(`skipped: ${test.module.relativeModuleId} > ${test.fullName}: ${note}`);
  }
}

import { describe, expect, it } from "vitest";
import { isSuccess, totalsLine } from "../testTotals.ts";

describe("totals", () => {
  it("the line names passed and failed, and skipped only when there are some", () => {
    expect(totalsLine({ passed: 12, failed: 0, skipped: 0 })).toBe("12 passed, 0 failed");
    expect(totalsLine({ passed: 12, failed: 1, skipped: 3 })).toBe("12 passed, 1 failed, 3 skipped");
  });

  it("a run succeeds only if something passed and nothing failed", () => {
    expect(isSuccess({ passed: 1, failed: 0, skipped: 4 })).toBe(true);
    expect(isSuccess({ passed: 9, failed: 1, skipped: 0 })).toBe(false);
    expect(isSuccess({ passed: 0, failed: 0, skipped: 4 })).toBe(false);
  });
});

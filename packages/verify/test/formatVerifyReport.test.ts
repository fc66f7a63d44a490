import { describe, expect, it } from "vitest";
import { formatVerifyReport, type LawReport } from "../src/index.ts";

const law = (changes: Partial<LawReport>): LawReport => ({
  name: "duality",
  title: "",
  statement: "",
  formula: "",
  broken: "",
  cases: 1500,
  worst: 1.91e-15,
  bound: 1e-12,
  passed: true,
  control: { violated: 1500, of: 1500 },
  ...changes,
});

describe("formatVerifyReport", () => {
  it("aligns one line per law and adds a total", () => {
    const text = formatVerifyReport({ laws: [law({}), law({ name: "chainRule", cases: 20, worst: 0 })] });
    expect(text).toBe(
      [
        "    law        cases    worst    bound  control violated",
        "────────────────────────────────────────────────────────",
        "ok  duality    1,500  1.9e-15  1.0e-12       1,500/1,500",
        "ok  chainRule     20        0  1.0e-12       1,500/1,500",
        "────────────────────────────────────────────────────────",
        "2 laws, 1,520 instances and as many controls: all hold",
      ].join("\n"),
    );
  });

  it("marks failures, and shows NaN and errors", () => {
    const text = formatVerifyReport({ laws: [law({ passed: false, worst: Number.MAX_VALUE, error: "no such flow" })] });
    expect(text).toMatch(/^FAIL {2}duality .* NaN/m);
    expect(text).toContain("duality: no such flow");
    expect(text).toMatch(/1 failed: duality$/);
  });
});

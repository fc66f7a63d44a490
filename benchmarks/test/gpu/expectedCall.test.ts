import { describe, expect, it } from "vitest";
import { expectedCall } from "../../src/gpu/expectedCall.ts";
import { gpuGroups } from "../../src/gpu/groups.ts";
import { stepLosses, stepName } from "../../src/groups/step.ts";
import type { Row } from "../../src/report/row.ts";
import { fullSettings } from "../../src/run/settings.ts";

const rowOf = (name: string, medianMs: number | null): Row => ({
  group: "matmul",
  case: name,
  implementation: "x",
  medianMs,
  minMs: medianMs,
  ratio: null,
});

describe("expectedCall", () => {
  const cases = gpuGroups("software")[0].cases(fullSettings);
  const at = (size: number) => cases.find(({ name }) => name === `${size} × ${size}`)!;

  it("a call takes eight times as long at twice the size", () => {
    // Both make two products per call.
    expect(expectedCall(at(2048), cases, [rowOf("1024 × 1024", 1500)])).toBe(8 * 3000);
    expect(expectedCall(at(4096), cases, [rowOf("1024 × 1024", 1500), rowOf("2048 × 2048", null)])).toBe(64 * 3000);
  });

  it("short calls and missing calls predict nothing", () => {
    expect(expectedCall(at(2048), cases, [rowOf("1024 × 1024", 100)])).toBeUndefined();
    expect(expectedCall(at(128), cases, [])).toBeUndefined();
    expect(expectedCall(at(256), cases, [rowOf("128 × 128", null)])).toBeUndefined();
  });
});

describe("groups on GPUs", () => {
  it.each(["hardware", "software"] as const)("go from 128 to 4096 and have both losses on %s", (kind) => {
    const [matmul, step] = gpuGroups(kind).map((group) => group.cases(fullSettings).map(({ name }) => name));
    expect(matmul).toEqual([128, 256, 512, 1024, 2048, 4096].map((size) => `${size} × ${size}`));
    expect(step.slice(0, 2)).toEqual(stepLosses.map((loss) => stepName(256, 64, loss)));
  });
});

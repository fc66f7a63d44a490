import { describe, expect, it } from "vitest";
import { stopsSentence } from "../../src/experiments/stops.ts";

describe("switched-off stop-gradients", () => {
  it("a result says what changed, and which known loss that is", () => {
    expect(stopsSentence()).toBe("");
    expect(stopsSentence(["advection"], ["esd", "teacher"])).toBe(
      ' With "advection" not stopped: the value is the same, the gradient another (esd@-advection has that of esdConvex).',
    );
    expect(stopsSentence(["target"], ["meanFlow"])).toBe(
      ' With "target" not stopped: the value is the same, the gradient another.',
    );
  });
});

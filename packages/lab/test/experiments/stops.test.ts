import { describe, expect, it } from "vitest";
import { stopsSentence } from "../../src/experiments/stops.ts";

describe("switched-off stop-gradients", () => {
  it("a result says what changed, and which known loss that is", () => {
    expect(stopsSentence([{ loss: "lsd" }])).toBe("");
    expect(stopsSentence([{ loss: "esd", withoutStops: ["advection"] }, { loss: "teacher" }])).toBe(
      ' Without the stop-gradient at "advection" the value of the loss is the same, but its gradient differs (esd@-advection has the gradient of esdConvex).',
    );
    expect(stopsSentence([{ loss: "meanFlow@-target", withoutStops: ["target"] }])).toBe(
      ' Without the stop-gradient at "target" the value of the loss is the same, but its gradient differs.',
    );
  });
});

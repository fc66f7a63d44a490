import { tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { type ActivationName, activations } from "../../src/index.ts";
import { expectWithin } from "../support/close.ts";

const references: Record<ActivationName, (x: number) => number> = {
  silu: (x) => x / (1 + Math.exp(-x)),
  // Φ(±1) and Φ(±2) from tables of the normal distribution.
  gelu: (x) =>
    x *
    { "-2": 0.022750131948179, "-1": 0.158655253931457, "0": 0.5, "1": 0.841344746068543, "2": 0.977249868051821 }[
      String(x)
    ]!,
  tanh: Math.tanh,
  softplus: (x) => Math.log(1 + Math.exp(x)),
};

describe("activations", () => {
  it.each(Object.keys(activations) as ActivationName[])("%s has its textbook values", (name) => {
    const points = [-2, -1, 0, 1, 2];
    expectWithin(activations[name](tensor(points)), points.map(references[name]), 1e-14);
  });

  it.each(Object.keys(activations) as ActivationName[])(
    "%s keeps float32 and stays finite for large arguments",
    (name) => {
      const out = activations[name](tensor([-800, 800], { dtype: "float32" }));
      expect(out.dtype).toBe("float32");
      expect([...out.dataSync()].every(Number.isFinite)).toBe(true);
    },
  );
});

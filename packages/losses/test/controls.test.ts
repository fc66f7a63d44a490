import { jvp, stopGradient, valueAndGrad } from "@pushforward/autodiff";
import { onesLike, squaredNorm, sum, type Tensor, zerosLike } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { type AnyLoss, defineLoss, type LossName, losses } from "../src/index.ts";
import { gradientError, type Input, inputOf, labelsOf, optimumError, permutationError } from "./support/conformance.ts";
import { goldenParams, type TanhParams, tanhModel } from "./support/goldenProblem.ts";

// The laws of conformance.test.ts must reject wrong losses.

const entries = Object.entries(losses) as [LossName, AnyLoss][];
const withStop = entries.filter(([, { stops }]) => stops.length > 0);

/** A loss with its input changed on the way in. */
const tampered = (loss: AnyLoss, change: (input: Input) => Input): AnyLoss => ({
  ...loss,
  loss: (input) => loss.loss(change(input)),
});

describe("a missing stop-gradient is caught by the frozen finite difference", () => {
  // If the product of a derivative and a stopped vector is also stopped, the inner stop has no effect.
  const doubled: [LossName, string][] = [["esd", "velocity"]];

  it.each(withStop.flatMap(([name, { stops }]) => stops.map((label) => [name, label] as [LossName, string])))(
    "%s without %s",
    (name, label) => {
      const isDoubled = doubled.some(([other, inner]) => other === name && inner === label);
      const error = gradientError(losses[name], [label]);
      if (isDoubled) expect(error).toBeLessThan(1e-10);
      else expect(error).toBeGreaterThan(1e-3);
    },
  );

  it("esd without both", () => {
    expect(gradientError(losses.esd, ["velocity", "advection"])).toBeGreaterThan(1e-3);
  });
});

describe("exchanged start and end times are caught at the exact map", () => {
  const ofMaps = ({ family, learns }: AnyLoss) => family !== "flowMatching" && learns !== "generator";

  it.each(entries.filter(([, loss]) => loss.optimum === "zero" && ofMaps(loss)))("%s", (_, loss) => {
    const swapped = tampered(loss, (input) => ({ ...input, u: (x, s, t) => input.u!(x, t, s) }));
    expect(optimumError(swapped).value).toBeGreaterThan(1e-4);
  });
});

describe("samples of another law are caught at the exact teacher", () => {
  it.each(entries.filter(([, loss]) => loss.learns === "generator" && loss.optimum === "zero"))("%s", (_, loss) => {
    // Velocities of other samples, and pairs of another map: with the data's own velocities and pairs every value vanishes.
    const { noise } = inputOf(tanhModel(goldenParams));
    const other = { fakeVelocity: (x: Tensor) => x.mul(0.3), pairs: { noise, data: noise } };
    expect(optimumError(loss, other).value).toBeGreaterThan(1e-3);
    expect(optimumError(loss, other).gradient).toBeGreaterThan(1e-3);
  });

  it("adversarial: a critic that finds a difference gives a gradient", () => {
    const critic = (x: Tensor): Tensor => sum(x, -1);
    expect(optimumError(losses.adversarial).gradient).toBe(0);
    expect(optimumError(losses.adversarial, { critic }).gradient).toBeGreaterThan(1e-2);
  });
});

describe("wrong signs are caught at the exact map", () => {
  it("of the velocity", () => {
    for (const name of ["flowMatching", "meanFlow"] as const) {
      const wrong = tampered(losses[name], (input) => ({ ...input, v: input.v.mul(-1) }));
      expect(optimumError(wrong).value).toBeGreaterThan(0.1);
    }
    for (const name of ["localForward", "localForwardSemi", "backwardExact", "backwardSemi"] as const) {
      const wrong = tampered(losses[name], (input) => ({ ...input, teacher: (x, t) => input.teacher!(x, t).mul(-1) }));
      expect(optimumError(wrong).value).toBeGreaterThan(0.1);
    }
  });

  it("of the derivative in MeanFlow's target, as in the paper's own direction of time", () => {
    const wrong = defineLoss({
      ...losses.meanFlow,
      loss({ u, xs, v, s, t }) {
        const [U, dU] = jvp(u, [xs, s, t], [v, onesLike(s), zerosLike(t)]);
        return squaredNorm(U.sub(stopGradient(v.sub(t.sub(s).mul(dU)), "target")));
      },
    });
    expect(optimumError(wrong).value).toBeGreaterThan(1e-3);
  });

  it("of the step input h = t − s, if its tangent is missing", () => {
    const wrong = defineLoss({
      ...losses.meanFlow,
      loss({ u, xs, v, s, t }) {
        const h = t.sub(s);
        const [U, dU] = jvp((x: Tensor, start: Tensor) => u(x, start, start.add(h)), [xs, s], [v, onesLike(s)]);
        return squaredNorm(U.sub(stopGradient(v.add(h.mul(dU)), "target")));
      },
    });
    expect(optimumError(wrong).value).toBeGreaterThan(1e-3);
  });
});

describe("an undeclared stop-gradient", () => {
  const sneaky = defineLoss({
    ...losses.flowMatching,
    loss: ({ u, xs, v, s }) => squaredNorm(stopGradient(u(xs, s, s), "hidden").sub(v)),
  });

  it("shows in the labels", () => {
    expect(labelsOf(sneaky)).toEqual(["hidden"]);
    expect(sneaky.stops).toEqual([]);
  });

  it("leaves a loss of the right value without a gradient", () => {
    const at = (loss: AnyLoss) =>
      valueAndGrad((params: TanhParams) => sum(loss.loss(inputOf(tanhModel(params)))))(goldenParams);
    const [[value], [sneakyValue, sneakyGrads]] = [at(losses.flowMatching), at(sneaky)];
    expect(sneakyValue.item()).toBe(value.item());
    expect(Math.max(...sneakyGrads.A.abs().dataSync())).toBe(0);
  });
});

describe("a permuted batch", () => {
  it("is caught by permuting", () => {
    const mixed = tampered(losses.flowMatching, (input) => ({ ...input, v: input.v.flip(0) }));
    expect(permutationError(losses.flowMatching)).toBeLessThan(1e-14);
    expect(permutationError(mixed)).toBeGreaterThan(1e-3);
  });
});

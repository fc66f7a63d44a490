import { sub, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { gaussian } from "../src/distributions/gaussian.ts";
import { conditionalVelocity, interpolants, interpolate } from "../src/interpolants.ts";
import { convertField, convertPrediction, type Prediction, predictions } from "../src/prediction.ts";
import { expectValues, valuesOf } from "./expectValues.ts";

const noise = tensor([[0.3, -1.2]]);
const data = tensor([[1.5, -0.4]]);
const pairs = predictions.flatMap((from) => predictions.map((to) => [from, to] as const));

describe("convertPrediction", () => {
  it.each(pairs)("%s → %s is exact on every path", (from, to) => {
    for (const path of Object.values(interpolants)) {
      const t = 0.6;
      const x = interpolate(noise, data, t, path);
      const truth: Record<Prediction, number[]> = {
        data: valuesOf(data),
        noise: valuesOf(noise),
        velocity: valuesOf(conditionalVelocity(noise, data, t, path)),
        score: valuesOf(noise.neg().div(path.sigma(t))),
      };
      const converted = convertPrediction(tensor([truth[from]]), x, t, { from, to, path });
      expectValues(converted, truth[to], 1e-12 * Math.max(1, ...truth[to].map(Math.abs)));
    }
  });

  it("agrees with the closed forms of a Gaussian, time by time", () => {
    const law = gaussian({
      mean: [1, -1],
      cov: [
        [1, 0.6],
        [0.6, 0.5],
      ],
    });
    const x = tensor([
      [0.54, -1.04],
      [1, 2],
    ]);
    const t = tensor([[0.2], [0.9]]);
    const v = law.velocity(x, t);
    expectValues(convertPrediction(v, x, t, { from: "velocity", to: "score" }), valuesOf(law.score(x, t)), 1e-12);
    expectValues(convertPrediction(v, x, t, { from: "velocity", to: "data" }), valuesOf(law.denoiser(x, t)), 1e-12);
    expectValues(convertField(law.score, { from: "score", to: "velocity" })(x, t), valuesOf(v), 1e-12);
    // s − s' and v − v' are proportional: v^a − v^b = (1 − t)/t·(s^a − s^b)
    const other = gaussian({ mean: [0, 0], std: [2, 1] });
    const gap = sub(law.score(x, t), other.score(x, t)).mul(sub(1, t)).div(t);
    expectValues(sub(v, other.velocity(x, t)), valuesOf(gap), 1e-12);
  });

  it("needs no division at the ends where none is needed", () => {
    const x = tensor([[0.4]]);
    expectValues(convertPrediction(x, x, 1, { from: "velocity", to: "data" }), [0.4], 0);
    expectValues(convertPrediction(tensor([[2]]), x, 0, { from: "velocity", to: "noise" }), [0.4], 0);
    expect(valuesOf(convertPrediction(x, x, 0.3, { from: "score", to: "score" }))).toEqual([0.4]);
  });

  it("a wrong time would be caught", () => {
    const law = gaussian({ mean: 2, std: 0.5 });
    const x = tensor([[0.7]]);
    const wrong = convertPrediction(law.velocity(x, 0.3), x, 0.31, { from: "velocity", to: "score" });
    expect(Math.abs(wrong.item() - law.score(x, 0.3).item())).toBeGreaterThan(1e-3);
  });
});

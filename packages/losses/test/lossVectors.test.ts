import { type AverageVelocity, gaussian } from "@pushforward/flows";
import { add, div, exp, mul, sub, type Tensor, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { type AnyLoss, type LossTangent, losses, lossVectors, ownTangent } from "../src/index.ts";
import { goldenParams, law, marginal, sample, tanhModel } from "./support/goldenProblem.ts";

/** The growth v = λ·x, whose flow is Φ = x·e^{λ(t − s)}. */
const lambda = 0.7;
const growth = (s: Tensor, t: Tensor): Tensor => exp(mul(lambda, sub(t, s)));
const grown: AverageVelocity = (x, s, t) => div(mul(x, sub(growth(s as Tensor, t as Tensor), 1)), sub(t, s));
const point = { xs: tensor([[0.8, -1.5]]), s: tensor(0.2), t: tensor(0.9) };
const { xs, s, t } = point;
const v = mul(lambda, xs);
const teacher = (x: Tensor): Tensor => mul(lambda, x);
const input = { ...point, u: grown, v, noise: xs, data: xs, teacher, warmup: 1 };
const stretch = Math.exp(lambda * 0.7);

const own: LossTangent = { x: "velocity", s: 1, t: 0 };
const vectors = (tangent: LossTangent, loss: AnyLoss = losses.meanFlow) => lossVectors(loss, input, tangent);
const gap = (a: Tensor, b: Tensor): number => Math.max(...a.sub(b).abs().dataSync());
/** The error of the target against the exact average velocity, coordinate by coordinate, divided by x. */
const missOf = (tangent: LossTangent): number[] => [
  ...div(sub(vectors(tangent).target, grown(xs, s, t)), xs).dataSync(),
];

describe("the vectors of MeanFlow on the growth v = λx, where U = x(e^{λh} − 1)/h with h = t − s", () => {
  it("with its own tangent: du/ds = (U − v)/h, and the target is U", () => {
    const { along, average, derivative, correction, target, gradient, value } = vectors(own);
    const U = mul(xs, (stretch - 1) / 0.7);
    expect(gap(along, v)).toBe(0);
    expect(gap(average, U)).toBeLessThan(1e-14);
    expect(gap(derivative, div(sub(U, v), 0.7))).toBeLessThan(1e-13);
    expect(gap(correction, sub(U, v))).toBeLessThan(1e-13);
    expect(gap(target, U)).toBeLessThan(1e-13);
    expect(gap(gradient, mul(0, xs))).toBeLessThan(1e-12);
    expect(value.item()).toBeLessThan(1e-25);
  });

  it("without the part in x: the target loses (t − s)·∇U·v = λ·x·(e^{λh} − 1)", () => {
    for (const miss of missOf({ x: mul(0, xs), s: 1, t: 0 })) expect(miss).toBeCloseTo(-lambda * (stretch - 1), 12);
  });

  it("with a part in t: the target gains (t − s)·∂ₜU = λ·x·e^{λh} − U", () => {
    for (const miss of missOf({ x: "velocity", s: 1, t: 1 }))
      expect(miss).toBeCloseTo(lambda * stretch - (stretch - 1) / 0.7, 12);
  });

  it("of a network with the length h as its input: du/ds = (U − v)/h needs the tangent (v, 1, −1); (v, 1, 0) gives ∇U·v = λU", () => {
    const byLength: AverageVelocity = (x, start, length) => grown(x, start, add(start, length));
    const at = (rate: number) =>
      lossVectors(losses.meanFlow, { ...input, u: byLength }, { x: "velocity", s: 1, t: rate });
    const { average, derivative } = at(-1);
    expect(gap(derivative, div(sub(average, v), 0.9))).toBeLessThan(1e-13);
    expect(gap(at(0).derivative, mul(lambda, average))).toBeLessThan(1e-13);
  });
});

describe("an affine average velocity U = Ax + b·s + c·t", () => {
  it("has the derivative Aẋ + b·ṡ + c·ṫ, by hand", () => {
    const affine: AverageVelocity = (x, from, to) =>
      add(add(mul(x, 3), mul(tensor([1, 2]), from)), mul(tensor([-1, 5]), to));
    const tangent = { x: tensor([[2, -1]]), s: 0.5, t: 4 };
    const found = lossVectors(losses.meanFlow, { ...input, u: affine }, tangent);
    expect([...found.derivative.dataSync()]).toEqual([6 + 0.5 - 4, -3 + 1 + 20]);
    const target = [0.8, -1.5].map((x, i) => lambda * x + 0.7 * found.derivative.dataSync()[i]);
    for (const [i, value] of found.target.dataSync().entries()) expect(value).toBeCloseTo(target[i], 12);
    // control: the same tangent without its part in t
    const without = lossVectors(losses.meanFlow, { ...input, u: affine }, { ...tangent, t: 0 });
    expect(gap(found.target, without.target)).toBeGreaterThan(1);
    const byNumbers = lossVectors(losses.meanFlow, { ...input, u: affine }, { ...tangent, x: [2, -1] });
    expect(byNumbers.target.dataSync()).toEqual(found.target.dataSync());
  });
});

describe("the relatives of MeanFlow", () => {
  const relatives = (Object.values(losses) as readonly AnyLoss[]).filter(({ along }) => along);
  const trained = {
    ...{ xs: sample.xs, s: tensor(sample.s), t: tensor(sample.t), noise: sample.noise, data: sample.data },
    ...{
      u: tanhModel(goldenParams),
      v: marginal,
      teacher: law.velocity,
      unconditional: tanhModel(goldenParams),
      warmup: 1,
    },
  };
  const at = (loss: AnyLoss, tangent = own) => lossVectors(loss, trained, tangent);

  it("are at least five losses, with the value that the loss has", () => {
    expect(relatives.length).toBeGreaterThanOrEqual(5);
    for (const loss of relatives) expect(at(loss).value.item()).toBe(loss.loss(trained).item());
  });

  it("have the target of MeanFlow where their gradient is that of MeanFlow", () => {
    for (const loss of [losses.backwardSemi, losses.backwardExact, losses.meanFlowGuided])
      expect(gap(at(loss).target, at(losses.meanFlow).target)).toBeLessThan(1e-14);
    const { average, target } = at(losses.ayfEmd);
    const step = sub(target, average);
    const whole = sub(at(losses.meanFlow).target, average);
    const length = Math.hypot(...whole.dataSync());
    expect(gap(step, div(whole, length + 0.1))).toBeLessThan(1e-14); // a bounded step in the same direction
    expect(gap(target, at(losses.meanFlow).target)).toBeGreaterThan(1e-3); // control
  });

  it("read their own velocity by its name, as ownTangent does", () => {
    const named = at(losses.meanFlow, { x: "own", s: 1, t: 0 });
    expect(named.value.item()).toBe(ownTangent(losses.meanFlow).loss(trained).item());
    expect(named.value.item()).not.toBe(at(losses.meanFlow).value.item()); // control
  });

  it("vanish at the exact map of a Gaussian, with the exact velocity", () => {
    const flow = gaussian({ mean: [1, 0], std: [0.5, 2] });
    const exact = {
      ...trained,
      u: flow.averageVelocity,
      v: flow.velocity(sample.xs, sample.s),
      teacher: flow.velocity,
    };
    const found = lossVectors(losses.meanFlow, exact, own);
    expect(gap(found.target, found.average)).toBeLessThan(1e-12);
  });
});

describe("errors", () => {
  it("name what must hold", () => {
    expect(() => vectors(own, losses.lsd)).toThrow(
      "lossVectors: the tangent of the loss must hold v, but that of lsd does not",
    );
    expect(() => vectors({ ...own, s: Number.NaN })).toThrow("lossVectors: s of the tangent must be finite, got NaN");
    expect(() => vectors({ ...own, x: "v" as "own" })).toThrow(
      'lossVectors: x of the tangent must be one of velocity, own, got "v"',
    );
    expect(() => vectors({ ...own, x: [1, Number.NaN] })).toThrow(
      "lossVectors: x of the tangent must be 2 finite numbers, got 1, NaN",
    );
    expect(() => vectors({ ...own, x: tensor([1, 2]) })).toThrow(
      "lossVectors: x of the tangent must be [1, 2] like xs, got [2]",
    );
  });
});

import { stopCotangent } from "@pushforward/autodiff";
import { type AnyLoss, defineLoss, losses, ownTangent } from "@pushforward/losses";
import { asTensor, greater, mul, type Tensor, where } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { groupedLoss } from "../../losses/test/support/groupedLoss.ts";
import { checkLoss, formatLossCase, verifyLoss } from "../src/index.ts";

const { loss: _body, markedFormula: formula, ...metadata } = losses.denoising;

/** The metadata of a loss with another body. */
const withBody = (loss: (input: { readonly xs: Tensor; readonly data: Tensor }) => Tensor) =>
  defineLoss({ ...metadata, formula, learns: "averageVelocity", name: "mine", loss: (input) => loss(input) });

describe("checkLoss", () => {
  it("accepts every loss of the registry", () => {
    for (const loss of Object.values<AnyLoss>(losses)) {
      expect(() => checkLoss(loss), loss.name).not.toThrow();
      if (loss.along) expect(() => checkLoss(ownTangent(loss)), loss.name).not.toThrow();
    }
  });

  it("refuses labels that are not declared, and declared labels that are not met", () => {
    expect(() => checkLoss({ ...losses.meanFlow, stops: [] })).toThrow(
      "checkLoss: meanFlow must declare the labels of its stop-gradients: stops holds none, but the body stops target",
    );
    expect(() => checkLoss({ ...losses.denoising, stops: ["target"] })).toThrow(
      "stops holds target, but the body stops none",
    );
  });

  it("refuses a loss that declares along and does not read it", () => {
    const { loss: _own, markedFormula: formula, ...metadata } = losses.meanFlow;
    const unread = defineLoss({
      ...metadata,
      formula,
      loss: ({ along: _along, ...input }) => losses.meanFlow.loss(input),
    });
    expect(() => checkLoss(unread)).toThrow("meanFlow must take the velocity of its tangent from the input along");
  });

  it("refuses values that are not finite, not one per sample, or read out of the computation", () => {
    const error = ({ xs, data }: { readonly xs: Tensor; readonly data: Tensor }): Tensor =>
      xs.sub(data).square().sum(-1);
    expect(() => checkLoss(withBody(error))).not.toThrow();
    expect(() => checkLoss(withBody((input) => error(input).mul(Number.POSITIVE_INFINITY)))).toThrow(
      "must give a finite number",
    );
    expect(() => checkLoss(withBody(({ xs }) => xs))).toThrow(/mine.*\[8/);
  });

  it("refuses a gradient that is not that of the values", () => {
    const { meanFlow } = losses;
    let calls = 0;
    const changing = {
      ...meanFlow,
      loss: (input: Parameters<typeof meanFlow.loss>[0]) => meanFlow.loss(input).mul(1 + calls++),
    };
    expect(() => checkLoss(changing as typeof meanFlow)).toThrow(
      /must have the gradient of its values with frozen stopped values, got .* \(batch 1, x = .* by the gradient, /,
    );
  });
});

describe("a loss that compares samples", () => {
  it("conforms, and does not where its gradient is wrong", () => {
    expect(() => checkLoss(groupedLoss)).not.toThrow();
    expect(verifyLoss(groupedLoss, { cases: 20, seed: 1 })).toMatchObject({ passed: true, control: { of: 20 } });
    const half: AnyLoss = { ...groupedLoss, loss: (input) => groupedLoss.loss(input as never).mul(0.5) };
    expect(() => checkLoss(half)).not.toThrow();
    let calls = 0;
    const changing: AnyLoss = { ...half, loss: (input) => groupedLoss.loss(input as never).mul(1 + calls++) };
    expect(() => checkLoss(changing)).toThrow("must have the gradient of its values");
  });

  it("is refused where its definition has no group", () => {
    const single: AnyLoss = {
      ...groupedLoss,
      group: 1,
      loss: (input) => groupedLoss.loss({ ...input, group: 2 } as never),
    };
    expect(() => checkLoss(single)).toThrow();
  });
});

describe("verifyLoss", () => {
  const { meanFlow } = losses;
  type Input = Parameters<typeof meanFlow.loss>[0];
  const changed = (loss: (values: Tensor, input: Input) => Tensor): typeof meanFlow => ({
    ...meanFlow,
    loss: (input: Input) => loss(meanFlow.loss(input), input),
  });

  it("reports a conforming loss, whose control breaks the law every time", () => {
    const report = verifyLoss(meanFlow, { cases: 20, seed: 3 });
    expect(report).toMatchObject({ passed: true, cases: 20, control: { violated: 20, of: 20 } });
    expect(report.worst).toBeGreaterThan(0);
    expect(report.counterexample).toBeUndefined();
  });

  it("finds the smallest batch and the simplest sample at which a gradient is wrong", () => {
    const mixing = verifyLoss(
      changed((values) => values.div(values.sum().add(1))),
      { cases: 16 },
    );
    expect(mixing).toMatchObject({ passed: false, counterexample: { batch: 2, x: [0], s: 0, t: 0 } });
    const late = verifyLoss(
      changed((values, { t }) => values.add(where(greater(asTensor(t).squeeze(-1), 0.7), stopCotangent(values), 0))),
      { cases: 16 },
    );
    expect(late).toMatchObject({ passed: false, counterexample: { batch: 1, x: [0], s: 0, t: 1 } });
    const { byGradient, byQuotient } = late.counterexample!;
    expect(byQuotient / byGradient).toBeCloseTo(2, 6);
    expect(formatLossCase(late.counterexample!)).toMatch(/^batch 1, x = \(0\), s = 0, t = 1: \S+ by the gradient, /);
  });

  it("says at which times a value is not finite, and refuses a loss without a program", () => {
    const infinite = verifyLoss(
      changed((values, { s }) => values.div(mul(0, asTensor(s)).squeeze(-1))),
      { cases: 8 },
    );
    expect(infinite).toMatchObject({ passed: false, cases: 0 });
    expect(infinite.error).toMatch(
      /meanFlow must give a finite number for each sample, got Infinity at s = 0\.\d+, t = /,
    );
    expect(
      verifyLoss(
        changed((values) => values.mul(values.dataSync().length)),
        { cases: 8 },
      ).error,
    ).toMatch(/dataSync/);
  });

  it("refuses numbers of cases that are no numbers of cases", () => {
    expect(() => verifyLoss(meanFlow, { cases: 0 })).toThrow("verifyLoss: cases must be a whole number ≥ 1, got 0");
  });
});

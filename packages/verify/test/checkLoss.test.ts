import { defineLoss, losses } from "@pushforward/losses";
import type { Tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { checkLoss } from "../src/index.ts";

const { loss: _body, markedFormula: formula, ...metadata } = losses.denoising;

/** The metadata of a loss with another body. */
const withBody = (loss: (input: { readonly xs: Tensor; readonly data: Tensor }) => Tensor) =>
  defineLoss({ ...metadata, formula, learns: "averageVelocity", name: "mine", loss: (input) => loss(input) });

describe("checkLoss", () => {
  it("accepts every loss of the registry", () => {
    for (const loss of Object.values(losses)) expect(() => checkLoss(loss), loss.name).not.toThrow();
  });

  it("refuses labels that are not declared, and declared labels that are not met", () => {
    expect(() => checkLoss({ ...losses.meanFlow, stops: [] })).toThrow(
      "checkLoss: meanFlow must declare the labels of its stop-gradients: stops holds none, but the body stops target",
    );
    expect(() => checkLoss({ ...losses.denoising, stops: ["target"] })).toThrow(
      "stops holds target, but the body stops none",
    );
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
      "must have the gradient of its values with frozen stopped values",
    );
  });
});

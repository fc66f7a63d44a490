import { stopGradient } from "@pushforward/autodiff";
import { compile, squaredNorm, sum, type Tensor, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { type BodyInput, defineLoss, losses } from "../src/index.ts";
import { inputOf } from "./support/conformance.ts";
import { conditional, goldenParams, sample, tanhModel } from "./support/goldenProblem.ts";

const input = { ...sample, v: conditional, u: tanhModel(goldenParams) };
const { loss: _, ...metadata } = losses.meanFlow;

describe("the type of a body's input", () => {
  it("has exactly the needed inputs", () => {
    defineLoss({
      ...metadata,
      needs: ["teacher"],
      loss: ({ teacher, xs, s }) => squaredNorm(teacher(xs, s)),
    });
    defineLoss({
      ...metadata,
      needs: [],
      // @ts-expect-error teacher is not listed in needs
      loss: ({ teacher, xs, s }) => squaredNorm(teacher(xs, s)),
    });
    defineLoss({
      ...metadata,
      needs: ["ema"],
      // @ts-expect-error r is not listed in needs
      loss: ({ ema, xs, s, r }) => squaredNorm(ema(xs, s, r)),
    });
    defineLoss({
      ...metadata,
      needs: [],
      // @ts-expect-error a loss of average velocities receives u, not phi
      loss: ({ phi, xs, s, t }) => squaredNorm(phi(xs, s, t)),
    });
    defineLoss({
      ...metadata,
      learns: "flowMap",
      needs: [],
      // @ts-expect-error a loss of maps receives phi, not u
      loss: ({ u, xs, s, t }) => squaredNorm(u(xs, s, t)),
    });
    const unknown = () =>
      defineLoss({
        ...metadata,
        // @ts-expect-error discriminator is not an input of losses
        needs: ["discriminator"],
        loss: ({ xs }) => squaredNorm(xs),
      });
    expect(unknown).toThrow(/each of needs must be one of teacher, .*, got "discriminator"/);
  });

  it("is the same for a shared function with a declared input", () => {
    const shared = ({ u, ema, xs, s, t }: BodyInput<"averageVelocity", "ema">): Tensor =>
      squaredNorm(u(xs, s, t).sub(ema(xs, s, t)));
    defineLoss({ ...metadata, needs: ["ema"], loss: shared });
    // @ts-expect-error the shared function reads ema
    defineLoss({ ...metadata, needs: [], loss: shared });
  });

  it("requires the needed inputs from the caller", () => {
    losses.meanFlow.loss(input);
    // @ts-expect-error the caller must give the teacher
    expect(() => losses.localForward.loss(input)).toThrow("localForward: needs teacher, got none");
    const { u: __, ...samples } = input;
    // @ts-expect-error the caller must give u
    expect(() => losses.meanFlow.loss(samples)).toThrow("meanFlow: needs u, got none; a call takes { u, noise, data");
  });
});

describe("checks of the definition", () => {
  const define = (change: object) => () =>
    defineLoss({ ...losses.meanFlow, formula: losses.meanFlow.markedFormula, ...change } as never);

  it("names a field that holds an unknown name, with the closest one", () => {
    for (const [change, message] of [
      [
        { learns: "flowmap" },
        'defineLoss: meanFlow: learns must be one of velocity, averageVelocity, flowMap, generator, trigFlow, secondOrder, got "flowmap"; did you mean flowMap?',
      ],
      [{ family: "bckward" }, /family must be one of .*did you mean backward\?/],
      [{ optimum: "nul" }, /optimum must be one of zero, stationary, biased, got "nul"/],
      [{ times: "srted" }, /times must be one of sorted, any, got "srted"; did you mean sorted\?/],
      [{ conditionalVelocity: true }, /conditionalVelocity must be one of unbiased, biased, unused, got true/],
      [{ needs: ["techer"] }, /each of needs must be one of teacher, .*did you mean teacher\?/],
      [{ needs: "teacher" }, /meanFlow: needs must be a list/],
      [{ stops: [1] }, /an entry of stops must be text/],
      [{ departs: "as in the paper" }, /departs must be a list/],
      [{ formula: undefined }, "defineLoss: meanFlow: formula must be text, got undefined"],
      [{ loss: undefined }, /the body loss must be a function/],
      [{ name: undefined }, "defineLoss: name must be text, got undefined"],
    ] as const) {
      expect(define(change)).toThrow(message as string);
    }
    expect(define({})).not.toThrow();
  });

  it("refuses a body that reads an optional input that needs does not list, but not the rest of its input", () => {
    const reads = define({
      loss: ({ teacher, xs, s }: { teacher: (...args: unknown[]) => Tensor; xs: Tensor; s: Tensor }) =>
        squaredNorm(teacher(xs, s)),
    })();
    const teacher = (x: Tensor): Tensor => x;
    expect(() => reads.loss({ ...input, teacher } as never)).toThrow(
      "meanFlow: needs must list teacher, because the body reads it",
    );
    const hands = define({ loss: (rest: never) => losses.meanFlow.loss({ ...(rest as object) } as never) })();
    const own = losses.meanFlow.loss(input).dataSync();
    expect(hands.loss({ ...input, teacher } as never).dataSync()).toEqual(own);
  });
});

describe("checks of the input", () => {
  const three = inputOf(tanhModel(goldenParams));

  it("name the row where s exceeds t", () => {
    const s = tensor([[0.1], [0.2], [0.3], [0.05], [0.8], [0.4]]);
    const t = tensor([[0.8], [0.3], [0.9], [0.95], [0.35], [0.45]]);
    expect(() => losses.meanFlow.loss({ ...three, u: input.u, s, t })).toThrow(
      "meanFlow: s must not exceed t, got s = 0.80 > t = 0.35 at batch row 4",
    );
    expect(() => losses.meanFlow.loss({ ...input, s: 0.7 + 1e-9 })).toThrow("> t = 0.7 at batch row 0");
  });

  it("require r between s and t, and a positive step", () => {
    expect(() => losses.psd.loss({ ...input, r: 0.1 })).toThrow("psd: s must not exceed r, got s = 0.20 > r = 0.10");
    expect(() => losses.psd.loss({ ...input, r: 0.75 })).toThrow("psd: r must not exceed t, got r = 0.75 > t = 0.70");
    expect(() => losses.backwardFiniteDifference.loss({ ...input, delta: 0 })).toThrow(
      "backwardFiniteDifference: delta must be positive, got 0",
    );
  });

  it("allow s > t for losses whose formula holds in both directions", () => {
    expect(losses.lsd.loss({ ...input, s: 0.7, t: 0.2 }).shape).toEqual([1]);
  });

  it("are skipped if values cannot be read", () => {
    const at = (s: Tensor): Tensor => losses.meanFlow.loss({ ...input, s });
    expect(() => at(tensor(0.9))).toThrow("s must not exceed t");
    expect(compile(at)(tensor(0.9)).shape).toEqual([1]);
  });

  it("refuse times of another dtype, and results that are not one number per sample", () => {
    expect(() => losses.meanFlow.loss({ ...input, s: tensor(0.2, { dtype: "float32" }) })).toThrow("float32");
    const broken = defineLoss({ ...metadata, needs: [], loss: ({ u, xs, s, t }) => sum(u(xs, s, t)) });
    expect(() => broken.loss(input)).toThrow(
      "meanFlow: a loss must return one number per sample, [1], got []; use squaredNorm",
    );
  });

  it("do not hide the labels of the body", () => {
    const labelled = defineLoss({
      ...metadata,
      needs: [],
      loss: ({ u, xs, s, t }) => stopGradient(squaredNorm(u(xs, s, t)), "all"),
    });
    expect(labelled.loss(input).item()).toBeGreaterThan(0);
  });
});

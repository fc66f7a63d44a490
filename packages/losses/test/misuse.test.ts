import { gaussian } from "@pushforward/flows";
import { key, normal, type Tensor, tensor } from "@pushforward/tensor";
import { callOf, faultsOf, type MisuseTable, validCall, withoutRow } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import * as api from "../src/index.ts";
import { inputFor } from "./support/conformance.ts";
import { goldenParams, tanhModel } from "./support/goldenProblem.ts";

const x = tensor([
  [1, 2],
  [0.5, -1],
  [0.2, 0.3],
]);
const sq = tensor([1, 2, 3]);
const u = (y: Tensor): Tensor => y;
const g = gaussian({ mean: [0, 1], std: 1 });

/** A call of every loss with what it needs. */
const ofLosses: MisuseTable = Object.fromEntries(
  (Object.values(api.losses) as readonly api.AnyLoss[]).map((each) => {
    const { name, needs, loss } = each;
    const full = inputFor(each, tanhModel(goldenParams)) as unknown as Readonly<Record<string, unknown>>;
    const names = ["xs", "s", "t", "noise", "data", "v", "u", "group", ...needs].filter((input) => input in full);
    return [
      `losses.${name}`,
      validCall([Object.fromEntries(names.map((input) => [input, full[input]]))], undefined, { f: loss }),
    ];
  }),
);

/** A term with settings of every kind. */
const ownTerm = api.term({ loss: api.losses.meanFlow, timeLaw: { kind: "square" } });

/** Places in a term that are only handed on where its rows are counted. */
const unreadTerm = (place: string): string[] =>
  ["weight", "weighting", "timeLaw", "velocity", "start", "loss"].map((name) => `${place}.${name}`);

const table: MisuseTable = {
  ...ofLosses,
  adaptiveWeight: validCall([sq, { p: 1, c: 0.1 }]),
  applyWeighting: validCall([{ kind: "denoising", sigmaData: 0.5 }, sq, 0.1, 0.5], undefined, { unread: ["2"] }),
  backwardResidual: validCall([g.flowMap, x, x, tensor(0.2), tensor(0.7)]),
  residualIdentity: validCall([g.flowMap, u, x, tensor(0.2), tensor(0.7)]),
  forwardResidual: validCall([g.flowMap, u, x, tensor(0.2), tensor(0.7)]),
  denoisingWeight: validCall([sq, 0.5, { sigmaData: 0.5 }]),
  defaultRecipe: validCall([api.losses.lsd], undefined, { unread: ["0"] }),
  describeTerm: validCall([ownTerm], undefined, { unread: ["0.weight", "0.loss"] }),
  describeTimes: validCall(
    [
      {
        kind: "diagonalMix",
        fraction: 0.5,
        law: { kind: "logitNormalPair", mean: 0, std: 1 },
        middle: { kind: "nearEnd", fraction: 0.1 },
      },
    ],
    undefined,
    { unread: ["0.law.mean", "0.law.std", "0.middle.fraction"] },
  ),
  describeWeighting: validCall([{ kind: "adaptive", p: 1 }], undefined, { unread: ["0.p"] }),
  diagonalTerm: validCall([0.5]),
  fittingGroup: validCall([4, 6]),
  hasWholeGroups: validCall([[ownTerm], 8], undefined, { unread: unreadTerm("0.0") }),
  driftField: validCall([
    { x: x.expandDims(0), repelling: x.expandDims(0), attracting: x.expandDims(0) },
    normal(key(3), [1, 3, 6]),
    { normalize: "both" },
  ]),
  inGroups: validCall([sq, 3]),
  repeatInGroups: validCall([sq, 2]),
  kernelDiscrepancy: validCall([x, x, { group: 3, kernel: (y: Tensor) => y }]),
  karrasTimes: validCall([5, { sigmaMin: 0.1, sigmaMax: 2, rho: 3 }]),
  labelsOf: validCall(["a \\sg{x}{b}"]),
  learnedWeight: validCall([sq, 0.1]),
  logisticRegression: validCall([sq, sq]),
  tangentRegression: validCall([sq, sq, sq]),
  lossVectors: validCall(
    [
      api.losses.meanFlow,
      { u, xs: x, v: x, noise: x, data: x, s: tensor(0.2), t: tensor(0.7) },
      { x: "velocity", s: 1, t: 0 },
    ],
    undefined,
    { unread: ["0", "1.noise", "1.data"] },
  ),
  normalizedTangent: validCall([x, { c: 0.1 }]),
  ownTangent: validCall([api.losses.meanFlow], undefined, { unread: ["0"] }),
  offDiagonal: validCall([{ kind: "diagonalMix", fraction: 0.5, law: { kind: "square" } }], undefined, {
    unread: ["0.fraction"],
  }),
  percent: validCall([0.5]),
  printFormula: validCall(["a \\sg{x}{b}", []]),
  struckFormula: validCall(["a \\sg{x}{b}", ["x"]]),
  pseudoHuber: validCall([sq, { c: 0.1 }]),
  rowsOfTerms: validCall([[ownTerm], 8], undefined, { unread: unreadTerm("0.0") }),
  sampleTimes: validCall(
    [
      key(0),
      4,
      {
        kind: "diagonalMix",
        fraction: 0.5,
        law: { kind: "logitNormalPair", mean: 0, std: 1 },
        middle: { kind: "nearEnd", fraction: 0.1 },
        margin: 0.1,
        delta: 0.1,
      },
      { dtype: "float64", stage: 0 },
    ],
    undefined,
    { unread: ["3.stage"] },
  ),
  "sampleTimes, fixedEnd": validCall([
    key(0),
    4,
    { kind: "fixedEnd", start: { kind: "uniform", min: 0, max: 1 }, end: 1 },
  ]),
  "sampleTimes, starts": validCall([
    key(0),
    4,
    { kind: "starts", starts: [0, 0.5], end: { kind: "karras", min: 0.1, max: 1 } },
  ]),
  "sampleTimes, karrasGrid": validCall([
    key(0),
    4,
    { kind: "karrasGrid", levels: 4, sigmaMin: 0.1, sigmaMax: 3, rho: 4 },
  ]),
  "sampleTimes, progressiveKarras": validCall([key(0), 4, { kind: "progressiveKarras", from: 2, to: 8 }]),
  "sampleTimes, intervalFrom": validCall([
    key(0),
    4,
    {
      kind: "intervalFrom",
      start: { kind: "uShaped", rate: 4 },
      ...{ mean: 0, std: 1, toEnd: { before: 0.2, after: 0.6 } },
    },
  ]),
  "sampleTimes, doublingKarras": validCall([key(0), 4, { kind: "doublingKarras", from: 2, to: 8, mean: -1, std: 2 }]),
  "sampleTimes, noiseRatio": validCall([
    key(0),
    4,
    {
      kind: "noiseRatio",
      start: { kind: "logitNormal", mean: 1, std: 2 },
      ...{ base: 2, stages: 8, k: 8, b: 1 },
    },
  ]),
  "sampleTimes, karrasJumps": validCall([key(0), 4, { kind: "karrasJumps", levels: 4 }]),
  "sampleTimes, length": validCall([key(0), 4, { kind: "length", steps: 2 }]),
  "sampleTimes, ddpm": validCall([
    key(0),
    4,
    { kind: "diagonal", start: { kind: "ddpm", from: 1, to: 5, anneal: { after: 3, to: 4 } } },
  ]),
  "sampleTimes, mixture": validCall([
    key(0),
    4,
    { kind: "diagonal", start: { kind: "mixture", parts: [{ fraction: 1, law: { kind: "grid", steps: 4 } }] } },
  ]),
  trigFlowWeight: validCall([sq, 0.5, { sigmaData: 1 }]),
  "sampleTimes, simulated": validCall([
    key(0),
    4,
    { kind: "simulated", steps: 2, start: { kind: "shifted", shift: 5 }, end: { kind: "uniform", min: 0, max: 1 } },
  ]),
  doublingSteps: validCall([0.5, { from: 10, to: 1280 }]),
  progressiveSteps: validCall([0.5, { from: 2, to: 150 }]),
  "sampleTimes, halvingGrid": validCall([key(0), 4, { kind: "halvingGrid", steps: 4 }, { stage: 1 }]),
  "sampleTimes, dyadic": validCall([key(0), 4, { kind: "dyadic", base: 4 }]),
  "sampleTimes, grid": validCall([key(0), 4, { kind: "grid", steps: 4, end: 1 }]),
  "sampleTimes, diagonal": validCall([
    key(0),
    4,
    { kind: "diagonal", start: { kind: "logitNormal", mean: 0, std: 1 } },
  ]),
  recipe: validCall([{ terms: [ownTerm] }], undefined, { unread: unreadTerm("0.terms.0") }),
  recipeJson: validCall([api.recipe({ terms: [ownTerm] })], undefined, { unread: ["0"] }),
  term: validCall([{ loss: ownTerm.loss, timeLaw: { kind: "square" } }], undefined, {
    unread: ["0.loss", "0.timeLaw"],
  }),
  truncatedSnrWeight: validCall([sq, 0.5]),
};

describe("arguments that TypeScript would refuse", () => {
  it("are tried for every exported function: a new one needs a row", () => {
    expect(withoutRow(api, table, ["defineLoss"])).toEqual([]);
  });

  it.each(Object.entries(table))("%s takes its valid call", (name, row) => {
    expect(() => callOf(api, name, row)(...row.args)).not.toThrow();
  });

  it.each(Object.entries(table))("%s refuses them by an error that is the framework's", (name, row) => {
    expect(faultsOf(api, name, row)).toEqual([]);
  });

  it("are named with the operation, the argument and what came", () => {
    expect(() => api.describeTimes({ kind: "uniform" } as never)).toThrow(
      `describeTimes: kind must be one of ${Object.keys(api.pairLaws).length} names, got "uniform"; did you mean uniformTriangle?`,
    );
    expect(() => api.adaptiveWeight(sq, { c: "0.1" as never })).toThrow(
      'adaptiveWeight: c must be a number, got the text "0.1"',
    );
    expect(() => api.sampleTimes(key(0), 4, null as never)).toThrow("sampleTimes: the law must be an object, got null");
  });
});

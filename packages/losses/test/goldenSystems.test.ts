import { readFileSync } from "node:fs";
import { valueAndGrad } from "@pushforward/autodiff";
import { interpolate } from "@pushforward/flows";
import { sum, type Tensor, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { type AnyLoss, inGroups, type LossName, losses, repeatInGroups } from "../src/index.ts";
import { errorOfJet, type GoldenJet, type Lists, type Matrix, paramsOf } from "./support/goldenJets.ts";
import { type TanhParams, tanhModel } from "./support/goldenProblem.ts";

/** Inputs, values and gradients that `golden/systems.py` has computed by JAX after the official codes, in their own time; SoFlow after its description. */
interface Golden {
  readonly student: Lists;
  readonly averaged: Lists;
  readonly free: Lists;
  readonly samples: Readonly<Record<"noise" | "data" | "s" | "t" | "omega", Matrix>>;
  readonly cases: readonly (GoldenJet & {
    readonly loss: LossName;
    readonly title: string;
    readonly settings: Readonly<Record<string, number | boolean>>;
  })[];
}

const golden = JSON.parse(readFileSync(new URL("golden/systems.json", import.meta.url), "utf8")) as Golden;
const [student, averaged, free] = [golden.student, golden.averaged, golden.free].map(paramsOf);
const [noise, data, s, t] = (["noise", "data", "s", "t"] as const).map((name) => tensor(golden.samples[name]));
/** κ = 1 − 1/ω of every row. */
const kappa = tensor(golden.samples.omega).pow(-1).mul(-1).add(1);
const samples = { noise, data, s, t, xs: interpolate(noise, data, s), v: data.sub(noise) };

/** The times of the first row of each group at all its rows. */
const timesOfGroups = (time: Tensor, group = 1): Tensor =>
  group === 1 ? time : repeatInGroups(inGroups(time, group).slice(null, 0), group);

/** Value per row and gradient of the sum. */
function jetOf(
  { loss, settings: { alpha = 1, guided, critic: _, ...settings } }: Golden["cases"][number],
  changes: object = {},
) {
  const body = losses[loss] as AnyLoss;
  const shared = (time: Tensor): Tensor => timesOfGroups(time, settings.group as number | undefined);
  const [start, end] = [s, t].map(shared);
  const at = (params: TanhParams): Tensor =>
    body.loss({
      ...samples,
      ...{ s: start, t: end, xs: interpolate(noise, data, start) },
      ...{ u: tanhModel(params), ema: tanhModel(averaged), unconditional: tanhModel(free) },
      teacher: (x: Tensor, time: Tensor) => tanhModel(averaged)(x, time, time),
      critic: (x: Tensor, time: Tensor) => sum(tanhModel(averaged)(x, time, time), -1),
      ...{
        r: start.add(end.sub(start).mul(alpha as number)),
        ...settings,
        ...(guided ? { guidance: { omega: 1, kappa } } : {}),
        ...changes,
      },
    });
  const [, gradient] = valueAndGrad((params: TanhParams) => sum(at(params)))(student);
  return { values: at(student), gradient };
}

const errorOf = (each: Golden["cases"][number], changes: object = {}): number => errorOfJet(jetOf(each, changes), each);

/** Losses that read neither v nor noise and data. */
const withoutDirection: readonly LossName[] = ["terminalVelocity", "splitMeanFlow", "continuousAdversarial", "rcm"];

describe("golden values and gradients of published losses, computed by JAX", () => {
  it.each(golden.cases)("$loss, $title", (each) => {
    expect(errorOf(each)).toBeLessThan(1e-12);
  });

  it.each(golden.cases.filter(({ loss }) => !withoutDirection.includes(loss)))(
    "are not those of the other direction of v: $loss, $title",
    (each) => {
      expect(errorOf(each, { noise: data, data: noise, v: noise.sub(data) })).toBeGreaterThan(1e-3);
    },
  );
});

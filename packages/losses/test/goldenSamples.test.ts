import { readFileSync } from "node:fs";
import { valueAndGrad } from "@pushforward/autodiff";
import { sum, type Tensor, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { type AnyLoss, type LossName, losses } from "../src/index.ts";
import { errorOfJet, type GoldenJet, type Lists, type Matrix, paramsOf } from "./support/goldenJets.ts";
import { type TanhParams, tanhModel } from "./support/goldenProblem.ts";

/** Inputs, values and gradients that `golden/samples.py` has computed by JAX after papers and codes, in their own time. */
interface Golden {
  readonly student: Lists;
  readonly teacher: Lists;
  readonly fake: Lists;
  readonly samples: Readonly<Record<"noise" | "fresh" | "data" | "t", Matrix>>;
  readonly cases: readonly (GoldenJet & {
    readonly loss: LossName;
    readonly settings: { readonly group?: number };
  })[];
}

const golden = JSON.parse(readFileSync(new URL("golden/samples.json", import.meta.url), "utf8")) as Golden;
const [student, teacher, fake] = [golden.student, golden.teacher, golden.fake].map(paramsOf);
const [noise, freshNoise, data, t] = (["noise", "fresh", "data", "t"] as const).map((name) =>
  tensor(golden.samples[name]),
);

/** The diagonal of a network as a velocity. */
const velocity = (params: TanhParams) => (x: Tensor, time: Tensor) => tanhModel(params)(x, time, time);

/** Value per row and gradient of the sum. */
function jetOf({ loss, settings }: Golden["cases"][number], changes: object = {}) {
  const at = (params: TanhParams): Tensor =>
    (losses[loss] as AnyLoss).loss({
      ...{ noise, data, freshNoise, xs: noise, v: noise, s: 0, t },
      ...{ u: tanhModel(params), teacher: velocity(teacher), fakeVelocity: velocity(fake) },
      // Drifting does not read its end time, which must be the same for all samples of a group.
      ...(settings.group ? { t: 1, ...settings } : {}),
      ...changes,
    });
  const [, gradient] = valueAndGrad((params: TanhParams) => sum(at(params)))(student);
  return { values: at(student), gradient };
}

const errorOf = (each: Golden["cases"][number], changes: object = {}): number => errorOfJet(jetOf(each, changes), each);

describe("golden values and gradients of losses from noise, computed by JAX", () => {
  it.each(golden.cases)("$loss, $settings", (each) => {
    expect(errorOf(each)).toBeLessThan(1e-12);
  });

  it.each(golden.cases)("are not those of another teacher, or of other data: $loss, $settings", (each) => {
    const other = each.loss === "drifting" ? { data: data.mul(-1) } : { teacher: velocity(student) };
    expect(errorOf(each, other)).toBeGreaterThan(1e-3);
  });
});

import { losses } from "@pushforward/losses";
import { key, type Tensor, tensor } from "@pushforward/tensor";
import { callOf, faultsOf, type MisuseTable, validCall, whole } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import * as api from "../../src/index.ts";

const loss = whole(losses.meanFlow);
const problem = whole(api.builtinProblems.gaussian());
const u = (x: Tensor): Tensor => x;
const [xs, s, t] = [tensor([[1, 2]]), tensor([[0.2]]), tensor([[0.4]])];
const instance = api.lossInstance(losses.meanFlow);
const directions = { tangents: instance.inputs.map(() => null), cotangents: [tensor(1)] };
const steps = api.stepThrough(instance, directions).slice(-3).map(whole);
const placements = api.lossPlacements(losses.meanFlow, { problem, velocity: "exact" });

/** Functions that take losses apart, and those of maps over the times. */
const table: MisuseTable = {
  exactAverageVelocity: validCall([problem.exact], (exact) => exact(xs, s, t), { unread: ["0.flowMap"] }),
  firstNonFiniteStep: validCall([steps]),
  lossInstance: validCall([loss, ["target"]]),
  lossNetworks: validCall([problem, u], (networks) => networks.teacher(xs, s)),
  lossPlacements: validCall([loss, { problem, velocity: "exact" }, 0]),
  "lossPlacements, measure": validCall(
    [{ withoutStops: ["target"], cuts: [{ label: "cut", uses: [{ equation: 0, operand: 0 }] }] }],
    undefined,
    { f: placements.measure },
  ),
  lossProgram: validCall([loss, ["target"]]),
  stepThrough: validCall([instance, directions]),
  timeMap: validCall([
    "residual",
    { loss, u, problem, dtype: "float64", key: key(0), tangent: { x: "velocity", s: 1, t: 0 } },
  ]),
};

describe("arguments that TypeScript would refuse", () => {
  it.each(Object.entries(table))("%s takes its valid call", (name, row) => {
    expect(() => callOf(api, name, row)(...row.args)).not.toThrow();
  });

  it.each(Object.entries(table))("%s refuses them by an error that is the framework's", (name, row) => {
    expect(faultsOf(api, name, row)).toEqual([]);
  });

  it("are named with the operation, the argument and what came", () => {
    expect(() => api.lossInstance(losses.meanFlow, ["targets"])).toThrow(
      'lossInstance: a stop-gradient of meanFlow that is off must be one of target, got "targets"',
    );
    expect(() => api.lossProgram(losses.flowMatching, ["target"])).toThrow(
      'lossProgram: a stop-gradient of flowMatching that is off must be left out, since the loss has none, got "target"',
    );
    expect(() => api.lossNetworks(api.builtinProblems.moons(), u)).toThrow(
      "lossNetworks: the velocity of the problem must be known, got moons",
    );
    expect(() => api.firstNonFiniteStep([{} as never])).toThrow(
      "firstNonFiniteStep: the value of step 0 must be a tensor, got undefined",
    );
  });
});

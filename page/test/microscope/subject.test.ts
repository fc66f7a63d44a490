import { losses, lossVectors, recipes } from "@pushforward/losses";
import { key, type Tensor, type Tree, tensor, treeMap } from "@pushforward/tensor";
import { builtinProblems, exactAverageVelocity, lossNetworks, timeMap, train } from "@pushforward/training";
import { describe, expect, it } from "vitest";
import { firstMicroscope, mapNames, networkSettings, presets } from "../../src/microscope/microscopeState.ts";
import type { Spot, Subject } from "../../src/work/microscope/messages.ts";
import { MicroscopeSubject } from "../../src/work/microscope/subject.ts";

const spot: Spot = { x: [0.7, -0.4], s: 0.3, t: 0.8, tangent: presets[0].tangent };
const exact: Subject = { data: "gaussian", loss: "meanFlow", model: { kind: "exact" } };
const network = { ...exact, model: { kind: "network", updates: 20, seed: 3 } } as const;

async function trained(subject: Subject): Promise<MicroscopeSubject> {
  const scope = await MicroscopeSubject.open(subject);
  while ((await scope.advance(50)) < scope.prepared.updates);
  return scope;
}

describe("a subject", () => {
  it("shows the vectors of lossVectors at the exact average velocity", async () => {
    const problem = builtinProblems.gaussian();
    const u = exactAverageVelocity(problem.exact!);
    const [xs, s, t] = [tensor([[0.7, -0.4]]), tensor([[0.3]]), tensor([[0.8]])];
    for (const { tangent } of presets) {
      const v = problem.exact!.velocity(xs, s);
      const input = { xs, s, t, v, noise: xs, data: xs, ...lossNetworks(problem, u as never) };
      const { average, derivative, target } = lossVectors(losses.meanFlow, input, tangent);
      const sight = (await MicroscopeSubject.open(exact)).look({ ...spot, tangent });
      expect(sight.average).toEqual([...average.dataSync()]);
      expect(sight.derivative).toEqual([...derivative.dataSync()]);
      expect(sight.target).toEqual([...target.dataSync()]);
    }
  });

  it("has a target that is the exact average velocity with the tangent of MeanFlow, and misses it with others (control)", async () => {
    const scope = await MicroscopeSubject.open({ ...exact, data: "eightGaussians" });
    const errors = presets.map(({ tangent }) => scope.look({ ...firstMicroscope, tangent }).targetError);
    expect(errors[0]).toBeLessThan(1e-5);
    expect(errors[1]).toBeGreaterThan(0.3);
    expect(errors[2]).toBeGreaterThan(0.3);
    expect(errors[3]).toBeLessThan(1e-5); // the exact map is exact on the diagonal
  });

  it("draws the exact path, which ends at x + (t − s)·U", async () => {
    const { path, exact: U } = (await MicroscopeSubject.open(exact)).look(spot);
    expect(path.slice(0, 2)).toEqual([0.7, -0.4]);
    for (const [i, end] of path.slice(-2).entries()) expect(end).toBeCloseTo(spot.x[i] + 0.5 * U[i], 12);
    const { flowMap } = builtinProblems.gaussian().exact!;
    const end = flowMap(tensor([[0.7, -0.4]]), tensor(0.3), tensor(0.8)).dataSync();
    for (const [i, value] of path.slice(-2).entries()) expect(value).toBeCloseTo(end[i], 7);
  });

  it("trains as train does, some updates at a time, and starts at the network of no updates", async () => {
    const scope = await trained(network);
    const settings = { ...networkSettings, steps: 20, seed: 3, backend: "wasm", teacherVelocity: "exact" } as const;
    const { trainer, state } = await train(recipes.meanFlow, builtinProblems.gaussian(), settings);
    const average = treeMap((p: Tensor) => p.cast("float64"), state.ema.average as Tree) as Tree;
    const u = trainer.network({ ...state, ema: { ...state.ema, average } } as typeof state);
    const [x, s, t] = [tensor([[0.7, -0.4]]), tensor([[0.3]]), tensor([[0.8]])];
    // the derivative runs operation by operation, so that the last bit may differ from compiled code
    for (const [i, value] of u(x, s, t).dataSync().entries())
      expect(scope.look(spot).average[i]).toBeCloseTo(value, 13);
    const start = await trained({ ...network, model: { ...network.model, updates: 0 } });
    expect(start.look(spot).average).not.toEqual(scope.look(spot).average); // control
  });

  it("has the maps of timeMap with their colours", async () => {
    const scope = await MicroscopeSubject.open(exact);
    const { problem, u } = {
      problem: builtinProblems.gaussian(),
      u: exactAverageVelocity(builtinProblems.gaussian().exact!),
    };
    for (const name of Object.values(mapNames)) {
      const tangent = presets[1].tangent;
      const input = { loss: losses.meanFlow, u: u as never, problem, tangent, key: key(0), dtype: "float64" } as const;
      const { values, levels, cells, colors } = scope.map(name, tangent);
      expect(values).toEqual(timeMap(name, input));
      for (const [i, level] of levels.entries()) expect(level === 0).toBe(i % cells < Math.floor(i / cells));
      expect(Math.max(...levels)).toBe(colors);
    }
  });

  it("has differences whose least error lies where the laws cross, at a smaller step in float64", async () => {
    const { steps, derivative, float32, float64 } = (await MicroscopeSubject.open(exact)).differences(spot);
    expect(derivative).toEqual((await MicroscopeSubject.open(exact)).look(spot).derivative);
    for (const { errors, bestStep } of [float32, float64]) {
      const least = steps[errors.indexOf(Math.min(...errors))];
      expect(Math.abs(Math.log10(least / bestStep))).toBeLessThan(1.1);
    }
    expect(float64.bestStep).toBeLessThan(float32.bestStep / 100);
    expect(Math.min(...float64.errors)).toBeLessThan(Math.min(...float32.errors) / 1000);
  });
});

import { firstOrderFlowMap, integrate } from "@pushforward/flows";
import {
  add,
  type DenseTensor,
  interpret,
  key,
  mul,
  normal,
  type Program,
  sum,
  type Tensor,
  tanh,
  trace,
} from "@pushforward/tensor";
import { type BoundedResult, defaultSeed, errorBounds, expectWithin, randomPrograms } from "@pushforward/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exportProgram, type TargetName, targets } from "../../src/index.ts";
import { worst } from "./differences.ts";
import { type PythonCase, reasonToSkip, runPython } from "./python.ts";

/** A small velocity, and trajectories of samplers by it: the last point of a solver, and two steps of a flow map. */
const velocity = (x: Tensor, t: Tensor | number): Tensor =>
  tanh(add(mul(x, 1.5), mul(sum(x, -1, { keepDims: true }), t)));
const map = firstOrderFlowMap((x, s, t) => velocity(x, add(s, t)));
const samplers: Record<string, (x: Tensor) => Tensor> = {
  euler: (x) => integrate(velocity, x, 0, 1, { solver: "euler", steps: 8 }),
  heun: (x) => integrate(velocity, x, 0, 1, { solver: "heun", steps: 8 }),
  rk4: (x) => integrate(velocity, x, 0, 1, { solver: "rk4", steps: 8 }),
  "flow map": (x) => map(map(x, 0, 0.5), 0.5, 1),
};
const noise = normal(key(3), [16, 2]) as DenseTensor;

/** Random programs of every family, smooth ones and those through int32, bool and kinks. */
const randomCases = () =>
  fc.sample(randomPrograms({ kinds: ["smooth", "kinky", "discrete", "stop"], steps: 10 }), {
    seed: defaultSeed,
    numRuns: 200,
  });

const caseOf = (
  to: TargetName,
  f: (...xs: Tensor[]) => Tensor | Tensor[],
  inputs: readonly DenseTensor[],
): PythonCase => ({
  source: exportProgram(trace(f as (...xs: Tensor[]) => Tensor)(...inputs), to, { name: "main" }).text,
  inputs,
});

/**
 * Tests of random programs and of samplers, executed by a framework.
 *
 * @param boundsOf bounds of a program by the roundings of the framework
 */
export function describePrograms(
  to: TargetName,
  boundsOf: (program: Program, inputs: readonly DenseTensor[]) => BoundedResult[] = errorBounds,
): void {
  const { title, module } = targets[to];
  const reason = reasonToSkip(module);
  const random = reason ? [] : randomCases();

  describe.skipIf(reason)(`programs in ${title}${reason ? ` (skipped: ${reason})` : ""}`, () => {
    const cases = reason
      ? []
      : [
          ...random.map(({ f, inputs }) => caseOf(to, f, inputs)),
          ...Object.values(samplers).map((f) => caseOf(to, f, [noise])),
        ];
    const results = reason ? [] : runPython(to, cases);
    const ofSamplers = results.slice(random.length);

    it("random programs compute what the reference computes, within the bound of their roundings", () => {
      let [elements, vague] = [0, 0];
      random.forEach(({ f, inputs }, i) => {
        const result = results[i];
        if (typeof result === "string") throw new Error(`${random[i]}\n${cases[i].source}\n${result}`);
        try {
          const coverage = expectWithin(result, boundsOf(trace(f)(...inputs), inputs));
          [elements, vague] = [elements + coverage.elements, vague + coverage.vague];
        } catch (error) {
          throw new Error(`${random[i]}\n${cases[i].source}`, { cause: error });
        }
      });
      expect(elements).toBeGreaterThan(300);
      expect(vague).toBeLessThan(0.1 * elements);
    });

    it.each(Object.keys(samplers).map((name, i) => [name, i] as const))("samples of %s are ours", (name, i) => {
      const want = interpret(trace(samplers[name])(noise), [noise]) as DenseTensor[];
      expect(worst(ofSamplers[i], want)).toBeLessThan(1e-12);
    });

    it("samples of one solver are not those of another (control)", () => {
      const want = interpret(trace(samplers.euler)(noise), [noise]) as DenseTensor[];
      expect(worst(ofSamplers[1], want)).toBeGreaterThan(1e-3);
    });
  });
}

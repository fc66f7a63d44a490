import { describe, expect, it } from "vitest";
import { groups } from "../../src/groups/index.ts";
import { contendersOf, makeContenders } from "../../src/run/contenders.ts";
import { fullSettings } from "../../src/run/settings.ts";
import { inputsOf } from "../../src/tasks/inputs.ts";
import type { Task } from "../../src/tasks/task.ts";
import { jaxJs } from "../../src/worker/implementations/jaxJs.ts";
import { plain } from "../../src/worker/implementations/plain.ts";
import { tfjs } from "../../src/worker/implementations/tfjs.ts";

const all = makeContenders({ worker: "worker.mjs", python: "no-such-python", nodes: [], guests: {} });
const cases = groups.flatMap((group) => group.cases(fullSettings));

/** One small task of each kind. */
const small: readonly Task[] = [
  { kind: "step", batch: 6, width: 5, depth: 1, loss: "sg" },
  { kind: "matmul", size: 4, count: 2 },
  { kind: "elementwise", name: "exp", size: 8 },
  { kind: "reduction", shape: [3, 4], axis: 0 },
  { kind: "overhead", name: "add", count: 2 },
  { kind: "conv", name: "pictures", batch: 1, side: 4, channels: 1, outputs: 2 },
  { kind: "attention", name: "scores", batch: 1, heads: 1, tokens: 2, size: 2 },
  { kind: "network", batch: 1, network: { name: "dit", patch: 14, dim: 4, depth: 1 } },
];

describe("the contenders of a case", () => {
  it.each([
    ["jax-js", jaxJs],
    ["tfjs", tfjs],
    ["plain JS", plain],
  ] as const)("leave out %s for tasks that it refuses, and for no other", async (name, implementation) => {
    const contender = all.find((each) => each.name === name)!;
    const refused: string[] = [];
    for (const task of small) {
      const inputs = inputsOf(task);
      const refusal = await Promise.resolve()
        .then(async () => (await implementation.prepare(task, inputs, {})).call())
        .then(
          () => undefined,
          (error: Error) => error.message,
        );
      if (refusal === undefined) continue;
      expect(refusal).toContain(`cannot ${task.kind}`);
      refused.push(task.kind);
    }
    expect(refused).toEqual(contender.lacks);
  });

  it("are those of its roles that have code for its task", () => {
    const namesOf = (kind: Task["kind"]): string[][] =>
      cases
        .filter(({ task, roles }) => task.kind === kind && roles.includes("peer"))
        .map((each) => contendersOf(all, each).map(({ name }) => name));
    for (const { kind } of small) {
      const peers = ["conv", "attention", "network"].includes(kind) ? ["JAX"] : ["jax-js", "JAX"];
      expect(namesOf(kind).length).toBeGreaterThan(0);
      for (const names of namesOf(kind)) expect(names.filter((name) => /jax/i.test(name))).toEqual(peers);
    }
    for (const each of cases) {
      for (const { role } of contendersOf(all, each)) expect(each.roles).toContain(role);
    }
  });
});

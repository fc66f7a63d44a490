import { losses } from "@pushforward/losses";
import { type DenseTensor, key, normal, tensor, uniform } from "@pushforward/tensor";
import { expectClose } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { lossCheck } from "../../src/check/lossCheck.ts";
import { exportLoss, targets } from "../../src/index.ts";
import { lossCase, wantedOf } from "../support/lossCases.ts";
import { type PythonResult, reasonToSkip, runPython } from "../support/python.ts";

const reason = reasonToSkip("torch");
const title = (words: string): string => words + (reason ? ` (skipped: ${reason})` : "");

const arrays = ["xs", "v", "s", "t"];

/** A batch of MeanFlow. */
const batch: readonly DenseTensor[] = [
  normal(key(1), [8, 2]),
  normal(key(2), [8, 2]),
  uniform(key(3), [8]).mul(0.5),
  uniform(key(4), [8]).mul(0.5).add(0.5),
] as DenseTensor[];

/** A small module and a step of a training loop of the guide; the results are the loss and the parameters after the step. */
const stepSource = (loop: number): string => `
import sys
import types

import torch

module = types.ModuleType("loss")
exec(${JSON.stringify(exportLoss(losses.meanFlow, { to: "torch" }))}, module.__dict__)
sys.modules["loss"] = module


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = torch.nn.Linear(4, 16, dtype=torch.float64)
        self.outer = torch.nn.Linear(16, 2, dtype=torch.float64)

    def forward(self, x, s, t):
        return self.outer(torch.tanh(self.inner(torch.cat([x, s[:, None], t[:, None]], dim=1))))


def main(xs, v, s, t):
    torch.manual_seed(0)
    model = Network()
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)
    params = dict(model.named_parameters())
${targets.torch.loops[loop]
  .lines([], arrays)
  .map((line) => (line === "" ? "" : `    ${line}`))
  .join("\n")}
    return [value.detach(), *(p.detach() for p in ${loop === 0 ? "model.parameters()" : "params.values()"})]
`;

const valuesOf = (result: PythonResult): readonly DenseTensor[] => {
  if (typeof result === "string") throw new Error(result);
  return result;
};

describe("trainings in PyTorch", () => {
  it.skipIf(reason)(title("take the same step by an optimiser and by torch.func"), () => {
    const start = stepSource(0).replace("optimizer.step()", "pass");
    const [byOptimiser, byFunction, unmoved] = runPython(
      "torch",
      [stepSource(0), stepSource(1), start].map((source) => ({ source, inputs: batch })),
    ).map(valuesOf);
    expectClose(byFunction, byOptimiser, { rtol: 1e-12 });
    // Control: the step moves the parameters.
    expect(() => expectClose(unmoved, byOptimiser, { rtol: 1e-6 })).toThrow(/must be/);
  });

  it.skipIf(reason)(title("stay in float32"), () => {
    const all = Object.values(losses);
    const stored = all.map((loss) => lossCheck(loss));
    const results = runPython(
      "torch",
      all.map((loss, i) => {
        const { source, inputs } = lossCase("torch", { loss, without: [] }, stored[i]);
        return { source, inputs: inputs.map((x) => x.cast("float32") as DenseTensor) };
      }),
    ).map(valuesOf);
    all.forEach((loss, i) => {
      const [value, ...gradients] = wantedOf(stored[i]).map((x) => x.cast("float32") as DenseTensor);
      for (const x of results[i]) expect(x.dtype, loss.name).toBe("float32");
      expectClose(results[i][0], value, { rtol: 1e-4 });
      const scale = Math.max(...gradients.flatMap((x) => [...x.buffer].map(Math.abs)));
      expectClose(results[i].slice(1), gradients, { rtol: 1e-4, condition: scale });
    });
  });

  it.skipIf(reason)(title("refuse products in fewer bits where a program computes in float32"), () => {
    const lower = 'import torch\ntorch.set_float32_matmul_precision("high")\n';
    const head = ["import torch", ...targets.torch.check("float32"), "", "def main(x):", "    return x", ""].join("\n");
    const [refused, accepted] = runPython("torch", [
      { source: lower + head, inputs: [tensor([1])] },
      { source: `${lower}torch.set_float32_matmul_precision("highest")\n${head}`, inputs: [tensor([1])] },
    ]);
    expect(refused).toContain('first call torch.set_float32_matmul_precision("highest")');
    expect(accepted).toHaveLength(1);
    expect(typeof accepted).toBe("object");
  });
});

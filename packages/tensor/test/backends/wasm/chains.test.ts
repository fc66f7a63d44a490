import { expectSameBits, forAll, randomPrograms } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { buildPlan } from "../../../src/compiler/buildPlan.ts";
import type { Plan } from "../../../src/compiler/plan.ts";
import { withRowChains } from "../../../src/compiler/rowChains.ts";
import { type DenseTensor, key, matmul, normal, simplify, type Tensor, trace } from "../../../src/index.ts";
import { runSplit } from "./support/runSplit.ts";

const dtype = "float32";
const random = (seed: number, shape: number[]): DenseTensor => normal(key(seed), shape, { dtype }).concrete("test");

/** Two layers, a loss for each sample, and the gradients of the weights written out. */
function step(x: Tensor, w1: Tensor, w2: Tensor): Tensor[] {
  const h1 = matmul(x, w1).tanh();
  const h2 = matmul(h1, w2).tanh();
  const error = h2.sub(h2.mean(1, { keepDims: true }));
  const g2 = error.mul(h2.square().neg().add(1));
  const g1 = matmul(g2, w2.transpose()).mul(h1.square().neg().add(1));
  return [
    matmul(h1.transpose(), g2),
    matmul(x.transpose(), g1),
    g2.sum(0),
    error.square().sum(1),
    error.square().sum(),
  ];
}

/** As many chains as there can be: for a small part of a thread a row will do. */
const chained = (plan: Plan): Plan => withRowChains(plan, 1 / 256, 2);

const sameInBlocks = (f: (...xs: Tensor[]) => unknown, inputs: readonly DenseTensor[]): number => {
  const plain = runSplit(f, inputs, 1);
  const blocks = runSplit(f, inputs, 5, chained);
  expectSameBits(blocks.outputs, plain.outputs);
  return blocks.chains.length;
};

describe("chains of rows", () => {
  it.each([
    [256, 64, 40],
    [333, 100, 100],
    [130, 7, 2],
    [129, 1, 33],
  ])("give the same bits for %i rows and widths %i and %i, in whatever order blocks come", (rows, width, narrow) => {
    const inputs = [random(1, [rows, 6]), random(2, [6, width]), random(3, [width, narrow])];
    expect(sameInBlocks(step, inputs)).toBeGreaterThan(0);
  });

  it("hold layers and losses, but neither gradients of weights nor what looks at other rows", () => {
    const inputs = [random(1, [256, 8]), random(2, [8, 64]), random(3, [64, 16])];
    const { kernels, chains } = chained(
      buildPlan(simplify(trace(step)(...(inputs as unknown as [Tensor, Tensor, Tensor])))),
    );
    const [{ from, to }] = chains;
    const shapes = kernels.slice(from, to).flatMap(({ outputs }) => outputs.map(({ value }) => value.shape[0]));
    expect(new Set(shapes)).toEqual(new Set([256]));
    const after = kernels.slice(to).flatMap(({ outputs }) => outputs.map(({ value }) => value.shape.join()));
    expect(after).toEqual(expect.arrayContaining(["64,16", "8,64", "16", ""]));
  });

  it("end where a kernel reads rows of others", () => {
    const inputs = [random(1, [192, 8]), random(2, [8, 8])];
    const mix = (x: Tensor, w: Tensor): Tensor[] => {
      let h = x;
      for (const turn of [
        (y: Tensor) => y.flip(0),
        (y: Tensor) => y.sub(y.slice([0, 1])),
        (y: Tensor) => y.add(y.mean(0)),
      ]) {
        for (let layer = 0; layer < 4; layer++) h = matmul(h, w).tanh();
        h = turn(h).exp();
      }
      return [h];
    };
    expect(sameInBlocks(mix as never, inputs)).toBeGreaterThan(1);
  });

  it("would be wrong across such a kernel: the check notices it", () => {
    const inputs = [random(1, [192, 8]), random(2, [8, 8])];
    const f = (x: Tensor, w: Tensor): Tensor => matmul(matmul(x, w).tanh().flip(0).exp(), w).tanh();
    const everything = (plan: Plan): Plan => ({
      ...plan,
      chains: [{ from: 0, to: plan.kernels.length, rows: 192, blockRows: 64 }],
    });
    const wrong = runSplit(f as never, inputs, 3, everything);
    expect(() => expectSameBits(wrong.outputs, runSplit(f as never, inputs, 1).outputs)).toThrow();
  });

  it("give the same bits on random programs", () => {
    let chains = 0;
    forAll(
      randomPrograms({ dtype, kinds: ["smooth", "kinky", "discrete", "stop"], steps: 24 }),
      ({ f, inputs }) => {
        chains += sameInBlocks((...xs) => f(...xs), inputs as DenseTensor[]);
      },
      { runs: 150 },
    );
    expect(chains).toBeGreaterThan(10);
  });
});

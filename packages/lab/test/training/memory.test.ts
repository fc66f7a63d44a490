import { recipes, teacherRecipe } from "@pushforward/losses";
import { asTensor, key, treeLeaves, uniform } from "@pushforward/tensor";
import {
  chosenRecipe,
  makeTrainer,
  networkSize,
  parseTrainingSettings,
  type TrainingSettings,
  tableProblem,
} from "@pushforward/training";
import { describe, expect, it } from "vitest";
import { checkMemory, trainingBytes } from "../../src/training/memory.ts";

const configOf = (given: object): TrainingSettings =>
  parseTrainingSettings({ backend: "reference", width: 64, ...given });
const size = configOf({});
const plane = { dim: 2 } as const;

/** Numbers in a tree. */
const numbersIn = (tree: unknown): number =>
  treeLeaves(tree).reduce((sum: number, leaf) => sum + asTensor(leaf as never).size, 0);

/** Pictures of two classes. */
const picturesOf = (side: number) =>
  tableProblem(
    "pictures",
    {
      values: uniform(key(1), [40, side * side]).mul(255),
      names: Array.from({ length: side * side }, (_, i) => `pixel_${Math.floor(i / side)}_${i % side}`),
      labels: { names: ["a", "b"], places: Int32Array.from({ length: 40 }, (_, i) => i % 2) },
    },
    { heldOut: 0.25, seed: 1 },
  );

/** The estimate of a training over the bytes that its compiled update keeps. */
async function estimateOverBytes(name: "meanFlow" | "sid" | "triConsistencyFull", side: number, given: object) {
  const settings = configOf({ backend: "wasm", steps: 10, ...given });
  const problem = picturesOf(side);
  const recipe = chosenRecipe(recipes[name], settings);
  const teacher = makeTrainer(teacherRecipe, problem, settings).initial.params;
  const trainer = makeTrainer(recipe, problem, settings, { teacher });
  await trainer.step(trainer.initial, 0);
  return trainingBytes(settings, problem, [recipe]) / trainer.bytes();
}

describe("checkMemory", () => {
  it("lets small trainings through and counts every size", () => {
    expect(() => checkMemory(size, plane)).not.toThrow();
    const bytes = trainingBytes(size, plane);
    for (const larger of [{ batch: 512 }, { width: 128 }, { depth: 6 }, { dtype: "float64" as const }]) {
      expect(trainingBytes({ ...size, ...larger }, plane)).toBeGreaterThan(bytes);
    }
    expect(trainingBytes(size, { dim: 64 })).toBeGreaterThan(bytes);
  });

  it("counts sizes of networks of pictures, and less where blocks are computed again", () => {
    const problem = picturesOf(14);
    const dit = configOf({ network: "dit", patch: 2 });
    const unet = configOf({ network: "unet", width: 8, depth: 2 });
    const bytesOf = (config: TrainingSettings, change: object): number =>
      trainingBytes({ ...config, ...change }, problem);
    for (const change of [{ batch: 512 }, { width: 128 }, { depth: 4 }, { patch: 1 }, { heads: 8 }])
      expect(bytesOf(dit, change)).toBeGreaterThan(bytesOf(dit, {}));
    for (const config of [dit, unet]) {
      expect(bytesOf(config, { checkpointBlocks: true })).toBeLessThan(0.9 * bytesOf(config, {}));
      expect(trainingBytes(config, problem, [recipes.meanFlow])).toBeLessThan(
        trainingBytes(config, problem, [recipes.meanFlow, recipes.dmd]),
      );
    }
    // A perceptron of as many pixels is far smaller.
    expect(bytesOf(dit, { network: "mlp" })).toBeLessThan(bytesOf(dit, {}) / 5);
  });

  it.each([
    ["meanFlow", 12, { network: "mlp", batch: 512 }],
    ["sid", 12, { network: "mlp", batch: 512 }],
    ["meanFlow", 12, { network: "dit", patch: 3, depth: 2, batch: 32 }],
    ["meanFlow", 12, { network: "dit", patch: 2, depth: 3, batch: 32, checkpointBlocks: true }],
    ["sid", 12, { network: "dit", patch: 3, depth: 1, batch: 32 }],
    ["triConsistencyFull", 12, { network: "dit", patch: 3, depth: 1, batch: 32 }],
    ["meanFlow", 12, { network: "unet", width: 8, depth: 2, batch: 32 }],
    ["meanFlow", 12, { network: "unet", width: 8, depth: 3, batch: 32, checkpointBlocks: true }],
  ] as const)(
    "is at most what it estimates for %s on %i pixels of %o, and not far below",
    async (name, side, given) => {
      const factor = await estimateOverBytes(name, side, given);
      expect(factor).toBeGreaterThan(1);
      expect(factor).toBeLessThan(4);
    },
  );

  it("counts the parameters of a network", () => {
    const problem = picturesOf(12);
    for (const network of ["mlp", "dit", "unet"]) {
      const settings = configOf({ network, width: 8, depth: 2 });
      const { params } = makeTrainer(recipes.meanFlow, problem, settings).initial;
      const { parameters } = networkSize(settings, { dim: 144, image: problem.image!, classes: 2 });
      expect(parameters).toBe(numbersIn(params));
    }
  });

  it("names the sizes, what they need and what there is", () => {
    expect(() => checkMemory({ ...size, batch: 65_536, width: 1024 }, { dim: 64 }, { available: 4e9 })).toThrow(
      /^train: batch 65536, width 1024 and depth 3 on 64 columns need about 20 GB of memory, there are 3\.2 GB; lower --batch or --width$/,
    );
    const problem = picturesOf(12);
    const dit = configOf({ network: "dit", patch: 1, batch: 4096 });
    expect(() => checkMemory(dit, problem, { available: 4e9 })).toThrow(
      /^train: batch 4096 and a transformer of 3 blocks of 64, patches of 1, 4 heads on 144 columns need about \d+ GB of memory, there are 3\.2 GB; lower --batch or --width, raise --patch, or add --checkpoint-blocks$/,
    );
    const unet = configOf({ network: "unet", batch: 65_536, depth: 2, checkpointBlocks: true });
    expect(() => checkMemory(unet, problem, { available: 4e9 })).toThrow(
      /batch 65536 and a U-Net of 2 levels, 64 channels in the first on 144 columns need about .*; lower --batch or --width$/,
    );
  });

  it("knows that WebAssembly ends at 4 GiB, and that the reference backend does not", () => {
    const large = { ...size, batch: 65_536, width: 1024 };
    expect(() => checkMemory(large, plane, { available: 1e12 })).not.toThrow();
    expect(() => checkMemory({ ...large, backend: "wasm" }, plane, { available: 1e12 })).toThrow(
      /there are 4\.3 GB; .*or choose --backend reference$/,
    );
  });
});

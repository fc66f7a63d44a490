import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { recipes, teacherRecipe } from "@pushforward/losses";
import { devices } from "@pushforward/tensor";
import { afterEach, describe, expect, it, type TestContext, vi } from "vitest";
import { builtinProblems } from "../../src/problems/builtin.ts";
import { chosenRecipe } from "../../src/settings/recipeChoices.ts";
import { parseTrainingSettings } from "../../src/settings/trainingSettings.ts";
import { makeTrainer } from "../../src/trainer/trainer.ts";

const { meanFlow, lsd } = recipes;
const trained = { teacher: teacherRecipe, meanFlow, lsd };
type TrainedName = keyof typeof trained;

const tiny = { batch: 16, width: 8, depth: 2, steps: 20, velocity: "conditional" };

/** Takes the device away, as a driver may at any time. */
async function loseDevice(): Promise<void> {
  const { resolve } = createRequire(new URL("../../../tensor/package.json", import.meta.url));
  const { WebGPUContext } = await import(pathToFileURL(resolve("gpu.js")).href);
  await WebGPUContext.destroy();
}

/** Losses of the first steps of a training, and where it ran. */
async function firstLosses(
  loss: TrainedName,
  backend: string,
  steps: number,
  before: (step: number) => Promise<void> = async () => undefined,
) {
  const config = parseTrainingSettings({ ...tiny, backend });
  const trainer = makeTrainer(chosenRecipe(trained[loss], config), builtinProblems.moons(), config);
  const losses: number[] = [];
  let state = trainer.initial;
  for (let i = 0; i < steps; i++) {
    await before(i);
    const result = await trainer.step(state, i);
    state = result.state;
    losses.push(result.loss);
  }
  return { losses, device: trainer.device() };
}

async function expectSameCurve(
  loss: TrainedName,
  steps: number,
  before?: (step: number) => Promise<void>,
): Promise<void> {
  const want = await firstLosses(loss, "wasm", steps);
  const got = await firstLosses(loss, "gpujs", steps, before);
  expect(want.device).toBeUndefined();
  got.losses.forEach((value, i) => {
    expect(Math.abs(value - want.losses[i]) / want.losses[i]).toBeLessThan(1e-4);
  });
}

afterEach(() => {
  vi.unstubAllEnvs();
});

/** Runs on WebGPU, or says why not. */
async function needWebGpu(context: TestContext): Promise<void> {
  const gpu = (await devices()).find(({ backend, name }) => backend === "gpujs" && name.includes("(webgpu"));
  if (!gpu && process.env.REQUIRE_WEBGPU === "1") expect.fail("no WebGPU adapter answered");
  if (!gpu) context.skip("no WebGPU adapter answered; see docs/gpu.md");
  vi.stubEnv("PUSHFORWARD_GPUJS", "webgpu");
}

describe("training on the GPU backend", () => {
  it.each(["teacher", "meanFlow", "lsd"] as const)(
    "%s follows the curve of wasm, through gpu.js on the processor",
    async (loss) => {
      vi.stubEnv("PUSHFORWARD_GPUJS", "webasm");
      await expectSameCurve(loss, 6);
    },
  );

  it("meanFlow follows the curve of wasm on WebGPU", async (context) => {
    await needWebGpu(context);
    await expectSameCurve("meanFlow", 10);
    expect((await firstLosses("teacher", "gpujs", 1)).device).toContain("webgpu");
  });

  it("goes on when the device is lost on the way", async (context) => {
    await needWebGpu(context);
    let losses = 0;
    await expectSameCurve("meanFlow", 10, async (step) => {
      if (step !== 4 && step !== 8) return;
      await loseDevice();
      losses++;
    });
    expect(losses).toBe(2);
  });
});

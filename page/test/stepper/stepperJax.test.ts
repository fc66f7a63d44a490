import { exportProgram } from "@pushforward/export";
import { losses } from "@pushforward/losses";
import { type Tensor, tensor } from "@pushforward/tensor";
import { stepThrough } from "@pushforward/training";
import { describe, expect, it } from "vitest";
import { reasonToSkip } from "../../../packages/export/test/support/python.ts";
import { examples } from "../../src/stepper/examples.ts";
import { stepperJax } from "../../src/stepper/stepperJax.ts";
import { stepperQuestion } from "../../src/stepper/stepperQuestion.ts";
import { type StepperState, sceneOf } from "../../src/stepper/stepperState.ts";
import type { ShownStep } from "../../src/work/stepper/answerStepper.ts";
import { steppedProgram } from "../../src/work/stepper/steppedProgram.ts";
import { areClose, runJax } from "../support/runJax.ts";

const numbers = (x: Tensor): number[] => Array.from(x.dataSync(), Number);

/** The steps of a state as the pane shows them, and the script that a reader copies. */
async function copied(state: StepperState): Promise<{ steps: ShownStep[]; script: string }> {
  const { instance, tangents } = await steppedProgram(stepperQuestion(state, Object.hasOwn(losses, state.show)));
  const steps = stepThrough(instance, { tangents, cotangents: [tensor(1)] }).map(
    ({ primal, tangent, cotangent, ...step }): ShownStep => ({
      ...{ ...step, shape: primal.shape, primal: numbers(primal) },
      ...{ tangent: tangent && numbers(tangent), cotangent: cotangent && numbers(cotangent) },
    }),
  );
  const { text, constants } = exportProgram(instance.program, "jax", { name: "f" });
  expect([...constants.keys()]).toEqual([]); // a script would not define them
  return { steps, script: stepperJax(text, steps) };
}

/** The numbers that a script must print. */
function expected(steps: readonly ShownStep[]): Record<string, readonly number[]> {
  const { primal, tangent } = steps[steps.length - 1];
  const inputs = steps.filter(({ formula }) => formula === undefined);
  return {
    value: primal,
    tangent: tangent!,
    ...Object.fromEntries(inputs.map(({ name, cotangent }) => [`cotangent of ${name}`, cotangent!])),
  };
}

/** Examples, a formula with every function, and losses with their last input moving. */
const states: readonly StepperState[] = [
  ...examples.map(({ name }) => sceneOf(name)),
  {
    ...sceneOf("target"),
    show: "own",
    formula: "max(sin(x), y) * exp(-t) + log(x + 2)^2 / sqrt(abs(y)) + atan(t) - sigmoid(x) + min(x, t) + sg(x)",
    point: { x: 0.3, y: -1.5, t: -1e-3 },
    direction: { x: 1, y: -0.5, t: 2e-7 },
  },
  ...Object.keys(losses).map((name) => ({ ...sceneOf(name), show: name })),
];

describe("the script of JAX that a reader copies", () => {
  it("is the exported program with the inputs of the pane", async () => {
    const { script } = await copied({ ...sceneOf("inverse"), direction: { x: -0, y: 0, t: 0 } });
    expect(script).toBe(`import jax

jax.config.update("jax_enable_x64", True)
import jax.numpy as jnp

if not jax.config.jax_enable_x64:
    raise RuntimeError('this file computes in float64; first call jax.config.update("jax_enable_x64", True)')


def f(x):
    sg = jax.lax.stop_gradient(1 / x)  # stop "sg", float64[]
    return x * sg


inputs = (
    jnp.array(4.0),  # x
)
tangents = (
    jnp.array(-0.0),  # x
)
value, tangent = jax.jvp(f, inputs, tangents)
cotangents = jax.grad(f, argnums=(0,))(*inputs)
print("value", value.tolist())
print("tangent", tangent.tolist())
for name, cotangent in zip(["x"], cotangents):
    print("cotangent of", name, cotangent.tolist())
`);
  });

  it("prints the numbers of the pane, for every example and every loss", async (context) => {
    const reason = reasonToSkip("jax");
    if (reason) context.skip(reason);
    const scripts = await Promise.all(states.map(async (state) => ({ state, ...(await copied(state)) })));
    const printed = runJax(scripts.map(({ script }) => script));
    for (const [i, { state, steps }] of scripts.entries())
      for (const [name, values] of Object.entries(expected(steps)))
        expect(areClose(printed[i][name], values), `${state.show}: ${name} ${printed[i][name]} ${values}`).toBe(true);
    const both = await Promise.all([[], ["sg"]].map((off) => copied({ ...sceneOf("inverse"), off })));
    const [cut, whole] = runJax(both.map(({ script }) => script));
    expect([cut["cotangent of x"], whole["cotangent of x"]]).toEqual([[0.25], [0]]); // control
  });
});

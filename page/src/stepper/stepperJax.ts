import { jaxArray, jaxScript } from "../pythonArray.ts";
import type { ShownStep } from "../work/stepper/answerStepper.ts";

/**
 * A script of JAX that prints value and tangent of the result, and the cotangents of the inputs, as the pane shows them.
 *
 * @param source the function `f` of the inputs
 * @param steps  the steps of the program, inputs first
 */
export function stepperJax(source: string, steps: readonly ShownStep[]): string {
  const inputs = steps.filter(({ formula }) => formula === undefined);
  const arrays = (values: (step: ShownStep) => readonly number[]): string[] =>
    inputs.map((step) => `    ${jaxArray(values(step), step.shape)},  # ${step.name}`);
  return jaxScript(source, [
    "inputs = (",
    ...arrays(({ primal }) => primal),
    ")",
    "tangents = (",
    ...arrays(({ primal, tangent }) => tangent ?? primal.map(() => 0)),
    ")",
    "value, tangent = jax.jvp(f, inputs, tangents)",
    `cotangents = jax.grad(f, argnums=(${inputs.map((_, i) => `${i},`).join(" ")}))(*inputs)`,
    'print("value", value.tolist())',
    'print("tangent", tangent.tolist())',
    `for name, cotangent in zip(${JSON.stringify(inputs.map(({ name }) => name))}, cotangents):`,
    '    print("cotangent of", name, cotangent.tolist())',
  ]);
}

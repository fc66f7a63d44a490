import type { Draws } from "../draws.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { observedOrder } from "../limitAtZero.ts";
import { lossInstance } from "../lossInstance.ts";
import { byDifferences, byForwardDifference, byJacobian, residualFormNames, residualForms } from "../residualForms.ts";

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const residual = residualForms[draws.pick(residualFormNames)];
  const { parameters, samples } = lossInstance(draws, n);
  const exact = residual(parameters, samples, byJacobian);
  const by = isBroken ? byForwardDifference : byDifferences;
  const orders = observedOrder((h) => residual(parameters, samples, by(h)), exact, 2e-3);
  return orders.map((order) => Math.abs(order - 2));
}

/** Central differences approach the derivative in a loss with order two. */
export const finiteDifferenceOrder = defineLaw({
  name: "finiteDifferenceOrder",
  title: "Finite-difference form: order two",
  statement:
    "The residual of every loss with a jvp is the limit of its central-difference form, with observed order two.",
  formula: String.raw`\frac{U(x + \varepsilon v, s + \varepsilon, t) - U(x - \varepsilon v, s - \varepsilon, t)}{2\varepsilon} = \frac{dU}{ds} + O(\varepsilon^2)`,
  bound: 0.1,
  broken: "the differences are one-sided: order one",
  controlBound: 0.5,
  ...rowByRow(instances, 2),
});

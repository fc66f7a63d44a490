import type { AnyLoss } from "@pushforward/losses";
import { pythonName } from "../python/identifier.ts";
import type { Target } from "../target.ts";
import { functionText, networkNames, paramNames } from "./smallNetworks.ts";

/**
 * Lines of `value_and_gradient(stored)`: the value of `batch_loss` and its gradient in the parameters of the network u, at the samples and
 * parameters of a dictionary.
 *
 * @param batchParameters names of the parameters of `batch_loss`
 */
export function gradientLines(loss: AnyLoss, target: Target, batchParameters: readonly string[]): readonly string[] {
  const names = networkNames(loss).map((name) => [name, pythonName(name)] as const);
  const helpers = names.filter(([name, own]) => name !== "u" && batchParameters.includes(own));
  const known = new Set(names.map(([, own]) => own));
  const args = batchParameters.map((name) => (known.has(name) ? name : `stored["${name}"]`));
  return [
    "def value_and_gradient(stored):",
    '    """Value of the loss, and its gradient in the parameters of the network u."""',
    `    params = lambda name: [stored[f"{name}.{each}"] for each in "${paramNames.join("")}"]`,
    ...helpers.map(([name, own]) => `    ${own} = ${functionText(name, loss, `params("${own}")`)}`),
    "",
    "    def value(*p):",
    `        u = ${functionText("u", loss, "p")}`,
    `        return batch_loss(${args.join(", ")})`,
    "",
    `    return ${target.valueAndGrad("value", paramNames.length, '*params("u")')}`,
  ];
}

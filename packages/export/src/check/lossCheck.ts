import { grad, withStops } from "@pushforward/autodiff";
import type { AnyLoss } from "@pushforward/losses";
import { type DenseTensor, foldIn, key, mean, normal, type Tensor } from "@pushforward/tensor";
import { lossAt } from "../lossInputs.ts";
import { pythonName } from "../python/identifier.ts";
import { checkSamples, storedSamples } from "./checkSamples.ts";
import { networkNames, paramNames, type SmallParams, smallFunctions } from "./smallNetworks.ts";

/** Rows and coordinates of the samples of a small network; a loss that compares samples has two groups of them. */
const [smallBatch, smallDim] = [4, 3];

/** A loss at stored samples and parameters: inputs, value and gradient by name, as a file of arrays holds them. */
export type Stored = Readonly<Record<string, DenseTensor>>;

/** Random parameters of the network of a function. */
const paramsOf = (stream: number): SmallParams =>
  Object.fromEntries(
    paramNames.map((name, i) => [name, normal(foldIn(key(stream), i), [smallDim]).mul(0.5)]),
  ) as unknown as SmallParams;

/**
 * The mean of a loss over stored samples, with small networks for its functions, and the gradient in the parameters of the trained
 * network, in float64.
 *
 * @param without labels of stop-gradients that are switched off
 */
export function lossCheck(loss: AnyLoss, without: readonly string[] = []): Stored {
  const { group } = loss;
  const samples = checkSamples(group === 1 ? smallBatch : 2 * group, smallDim, group);
  const params = Object.fromEntries(networkNames(loss).map((name, i) => [name, paramsOf(20 + i)]));
  const value = (trained: SmallParams): Tensor => {
    const functions = smallFunctions({ ...params, u: trained });
    return mean(lossAt(loss, functions, samples));
  };
  const gradient = withStops(without, () => grad(value)(params.u)) as SmallParams;
  const named = Object.entries({ ...params, gradient }).flatMap(([name, all]) =>
    paramNames.map((each) => [`${pythonName(name)}.${each}`, all[each]]),
  );
  return Object.fromEntries([
    ...Object.entries(storedSamples(samples)),
    ...named,
    ["value", value(params.u)],
  ]) as Stored;
}

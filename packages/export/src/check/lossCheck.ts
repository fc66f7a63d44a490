import { grad, withStops } from "@pushforward/autodiff";
import type { AnyLoss } from "@pushforward/losses";
import {
  add,
  type DenseTensor,
  foldIn,
  key,
  mean,
  mul,
  normal,
  sub,
  type Tensor,
  tensor,
  uniform,
} from "@pushforward/tensor";
import { lossArrays } from "../lossInputs.ts";
import { pythonName } from "../python/identifier.ts";
import { networkNames, paramNames, type SmallParams, smallFunctions } from "./smallNetworks.ts";

/** Rows and coordinates of the samples. */
const [batch, dim] = [4, 3];

/** A loss at stored samples and parameters: inputs, value and gradient by name, as a file of arrays holds them. */
export type Stored = Readonly<Record<string, DenseTensor>>;

/** Random parameters of the network of a function. */
const paramsOf = (stream: number): SmallParams =>
  Object.fromEntries(
    paramNames.map((name, i) => [name, normal(foldIn(key(stream), i), [dim]).mul(0.5)]),
  ) as unknown as SmallParams;

/** Samples in general position: 0 < s < r < t < 1 in every row. */
function samplesOf(): Record<string, Tensor> {
  const points = (stream: number): Tensor => normal(key(stream), [batch, dim]);
  const [first, second, third] = [11, 12, 13].map((stream) => uniform(key(stream), [batch, 1]).mul(0.3).add(0.02));
  const [noise, data] = [points(1), points(2)];
  const s = first;
  return {
    ...{ noise, data, s, r: s.add(second), t: s.add(second).add(third), delta: third.mul(0.1) },
    xs: add(mul(s, data), mul(sub(1, s), noise)),
    v: data.sub(noise),
    ...{ freshNoise: points(3), pairsNoise: points(4), pairsData: points(5), warmup: tensor(0.7) },
  };
}

/**
 * The mean of a loss over stored samples, with small networks for its functions, and the gradient in the parameters of the trained
 * network, in float64.
 *
 * @param without labels of stop-gradients that are switched off
 */
export function lossCheck(loss: AnyLoss, without: readonly string[] = []): Stored {
  const { pairsNoise, pairsData, ...samples } = samplesOf();
  const params = Object.fromEntries(networkNames(loss).map((name, i) => [name, paramsOf(20 + i)]));
  const value = (trained: SmallParams): Tensor => {
    const functions = smallFunctions({ ...params, u: trained });
    const input = { ...samples, ...functions, pairs: { noise: pairsNoise, data: pairsData } };
    return mean(loss.loss(input as unknown as Parameters<AnyLoss["loss"]>[0]));
  };
  const gradient = withStops(without, () => grad(value)(params.u)) as SmallParams;
  const arrays: Record<string, Tensor> = { ...samples, pairsNoise, pairsData };
  const stored = Object.entries(arrays).map(([name, x]) => [
    pythonName(name),
    lossArrays[name] === "number" ? x.reshape([batch]) : x,
  ]);
  const named = Object.entries({ ...params, gradient }).flatMap(([name, all]) =>
    paramNames.map((each) => [`${pythonName(name)}.${each}`, all[each]]),
  );
  return Object.fromEntries([...stored, ...named, ["value", value(params.u)]]) as Stored;
}

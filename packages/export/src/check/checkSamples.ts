import { repeatInGroups } from "@pushforward/losses";
import { add, type DenseTensor, key, mul, normal, sub, type Tensor, tensor, uniform } from "@pushforward/tensor";
import { lossArrays } from "../lossInputs.ts";
import { pythonName } from "../python/identifier.ts";

/**
 * Samples of every array that a loss may read, in general position: 0 < s < r < t < 1 in every row, times [batch, 1].
 *
 * @param group consecutive rows that have the same times
 */
export function checkSamples(batch: number, dim: number, group = 1): Readonly<Record<string, Tensor>> {
  const points = (stream: number): Tensor => normal(key(stream), [batch, dim]);
  const [first, second, third] = [11, 12, 13].map((stream) =>
    repeatInGroups(
      uniform(key(stream), [batch / group, 1])
        .mul(0.3)
        .add(0.02),
      group,
    ),
  );
  const [noise, data, s] = [points(1), points(2), first];
  return {
    xs: add(mul(s, data), mul(sub(1, s), noise)),
    v: data.sub(noise),
    ...{ noise, data, freshNoise: points(3), pairsNoise: points(4), pairsData: points(5) },
    ...{ s, r: s.add(second), t: s.add(second).add(third), delta: third.mul(0.1), warmup: tensor(0.7) },
  };
}

/** The samples as a file holds them: names of Python, times [batch]. */
export const storedSamples = (samples: Readonly<Record<string, Tensor>>): Record<string, DenseTensor> =>
  Object.fromEntries(
    Object.entries(samples).map(([name, x]) => [
      pythonName(name),
      (lossArrays[name] === "number" ? x.reshape([x.size]) : x) as DenseTensor,
    ]),
  );

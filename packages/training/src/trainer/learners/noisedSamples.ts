import { stopGradient } from "@pushforward/autodiff";
import { type Alternation, sampleTimes, type Term } from "@pushforward/losses";
import { foldIn } from "@pushforward/tensor";
import { generate, interpolateLinear, noiseLike, startPoints } from "../generatorSamples.ts";
import type { AuxiliaryInput } from "./alternation.ts";

/** Samples of the present student, noised to times of a law. */
export function noisedSamples({ timeLaw }: Pick<Alternation, "timeLaw">, start: Term["start"], input: AuxiliaryInput) {
  const { student, data, key } = input;
  const { s, t, before } = sampleTimes(foldIn(key, 0), data.shape[0], timeLaw, { dtype: data.dtype as "float32" });
  const noise = noiseLike(data, key, 1);
  const xs = startPoints({ start, timeLaw }, { s, before, noise, data, student, key: foldIn(key, 2) });
  const X = stopGradient(generate(student, xs, s), "sample");
  const freshNoise = noiseLike(data, key, 3);
  return { s, t, X, freshNoise, xt: interpolateLinear(freshNoise, X, t) };
}

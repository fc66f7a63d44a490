import { losses, sampleTimes } from "@pushforward/losses";
import { keys, mean, normal } from "@pushforward/tensor";
import { interpolateLinear } from "./generatorSamples.ts";
import type { Objective } from "./objective.ts";

/**
 * The velocity teacher: flow matching of a network v(x, t).
 *
 *   E ‖v(X_t, t) − (X_1 − X_0)‖²,   X_t = t·X_1 + (1 − t)·X_0
 */
export const teacherObjective: Objective = {
  name: "teacher",
  network: "velocity",
  needsTeacher: false,
  targetDecay: null,
  endsAtData: false,
  loss({ student, data, key }) {
    const [forNoise, forTime] = keys(key, 2);
    const dtype = data.dtype as "float32";
    const noise = normal(forNoise, data.shape, { dtype });
    const { s } = sampleTimes(forTime, data.shape[0], { kind: "diagonal", start: { kind: "uniform" } }, { dtype });
    const u = (x: typeof data, time: typeof data) => student(x, time);
    return mean(
      losses.flowMatching.loss({ u, noise, data, xs: interpolateLinear(noise, data, s), v: data.sub(noise), s, t: s }),
    );
  },
};

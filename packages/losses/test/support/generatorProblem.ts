import { gaussian, type LinearGenerator, linearGenerator } from "@pushforward/flows";
import { type Tensor, tensor } from "@pushforward/tensor";
import { law } from "./goldenProblem.ts";

/** A linear generator, and the velocity of its samples at given parameters. */
export interface Student {
  readonly scale: Tensor;
  readonly shift: Tensor;
}

/** Common input for losses of generated samples: the generator is trained, ψ is exact at fixed parameters. */
export function inputOf(
  { scale, shift }: Student,
  fake: Pick<LinearGenerator, "velocity">,
  rest: { noise: Tensor; freshNoise: Tensor; t: Tensor },
) {
  const { noise, freshNoise, t } = rest;
  return {
    generator: (z: Tensor) => linearGenerator({ scale, shift }).generate(z),
    fakeVelocity: fake.velocity,
    teacher: law.velocity,
    ...{ noise, xs: noise, data: noise, v: noise, s: tensor(0), t, freshNoise },
    normalize: (weights: Tensor) => weights,
  };
}

/** @source losses.md §6.3: G(z) = a·z + β, one sample */
export const golden = {
  student: { scale: tensor([0.8, 0.6]), shift: tensor([0.5, -0.2]) },
  rest: { noise: tensor([[0.4, -0.9]]), freshNoise: tensor([[-0.7, 0.25]]), t: tensor(0.6) },
  law: gaussian({ mean: [0.5, -0.2], std: [0.8, 0.6] }),
};

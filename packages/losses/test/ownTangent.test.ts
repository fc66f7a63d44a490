import { grad, jvp, stopGradient } from "@pushforward/autodiff";
import { type AverageVelocity, firstOrderFlowMap } from "@pushforward/flows";
import {
  key,
  keys,
  matmul,
  normal,
  onesLike,
  squaredNorm,
  type Tensor,
  tanh,
  uniform,
  zerosLike,
} from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { type AnyLoss, losses, ownTangent } from "../src/index.ts";

const all: readonly AnyLoss[] = Object.values(losses);
const [forX, forNoise, forTimes, forParams] = keys(key(5), 4);
const [data, noise] = [normal(forX, [6, 2]), normal(forNoise, [6, 2])];
const times = uniform(forTimes, [6, 2]);
const s = times.slice([0, 6], [0, 1]).mul(0.5);
const t = times.slice([0, 6], [1, 2]).mul(0.5).add(0.5);
const xs = data.mul(s).add(noise.mul(onesLike(s).sub(s)));
const v = data.sub(noise);
const teacher = (x: Tensor, time: unknown): Tensor => x.mul(time as Tensor).add(1);
const A = normal(forParams, [2, 2]);
const network =
  (p: Tensor): AverageVelocity =>
  (x, a, b) =>
    tanh(matmul(x, p).add(p.slice(0).mul(a)).sub(p.slice(1).mul(b)));

type Input = Parameters<AnyLoss["loss"]>[0];
const inputOf = (p: Tensor): Input => {
  const u = network(p);
  return { u, xs, s, t, v, noise, data, teacher, unconditional: u, warmup: 0.9 } as unknown as Input;
};

/** Values of a loss, and the gradient of their sum. */
const jet = (loss: Pick<AnyLoss, "loss">): { values: number[]; gradient: number[] } => ({
  values: [...loss.loss(inputOf(A)).dataSync()],
  gradient: [...grad((p: Tensor) => loss.loss(inputOf(p)).sum())(A).dataSync()],
});

function expectSame(one: ReturnType<typeof jet>, other: ReturnType<typeof jet>): void {
  for (const part of ["values", "gradient"] as const) {
    for (const [i, value] of one[part].entries()) expect(value).toBeCloseTo(other[part][i], 12);
  }
}

describe("ownTangent", () => {
  it("is for the losses that say so, which are those with v in the tangent of the average velocity", () => {
    const declared = all.filter(({ along }) => along).map(({ name }) => name);
    expect(declared).toEqual(all.filter(({ tangent }) => tangent?.startsWith("(v, 1, 0)")).map(({ name }) => name));
    expect(declared).toContain("meanFlow");
    for (const loss of all) {
      if (loss.along) expect(ownTangent(loss).tangent, loss.name).toContain("(u(x, s, s), 1, 0)");
      else expect(() => ownTangent(loss), loss.name).toThrow(`that of ${loss.name} does not`);
    }
  });

  it("makes improved MeanFlow of MeanFlow: the single-sample velocity stays in the target alone", () => {
    const improved = {
      loss: ({ u }: Input): Tensor => {
        const net = u as AverageVelocity;
        const [U, dU] = jvp(net, [xs, s, t], [net(xs, s, s), onesLike(s), zerosLike(t)]);
        return squaredNorm(U.sub(t.sub(s).mul(stopGradient(dU, "jvp"))).sub(v));
      },
    };
    expectSame(jet(ownTangent(losses.meanFlow)), jet(improved));
    expect(jet(ownTangent(losses.meanFlow)).gradient).not.toEqual(jet(losses.meanFlow).gradient);
  });

  it("makes Eulerian self-distillation of the backward loss, value and gradient", () => {
    expectSame(jet(ownTangent(losses.backwardExact)), jet(losses.esdNone));
    expect(jet(losses.esd).gradient[0]).not.toBeCloseTo(jet(losses.esdNone).gradient[0], 6);
  });

  it("changes nothing where v is the student's own velocity", () => {
    const loss = (input: Input): Tensor => {
      const u = input.u as AverageVelocity;
      return losses.meanFlow.loss({ ...input, u, v: u(xs, s, s) });
    };
    const own = (input: Input): Tensor => {
      const u = input.u as AverageVelocity;
      return ownTangent(losses.meanFlow).loss({ ...input, u, v: u(xs, s, s) });
    };
    expectSame(jet({ loss }), jet({ loss: own }));
  });

  it("takes the own velocity of a map from its derivative in t", () => {
    const { u, ...others } = inputOf(A);
    const phi = firstOrderFlowMap(u as AverageVelocity);
    const own = ownTangent(losses.backwardExact);
    const byMap = own.loss({ ...others, phi } as unknown as Input).dataSync();
    const byNetwork = own.loss(inputOf(A)).dataSync();
    for (const [i, value] of byMap.entries()) expect(value).toBeCloseTo(byNetwork[i], 12);
  });

  it("refuses another velocity where the tangent holds none, or of another shape", () => {
    expect(() => losses.lsd.loss({ ...inputOf(A), u: network(A), along: "own" } as never)).toThrow(
      "lsd: along must be left out, because the tangent of this loss holds no v",
    );
    expect(() => losses.meanFlow.loss({ ...inputOf(A), u: network(A), along: v.slice(0) } as never)).toThrow(
      "meanFlow: along must be [6, 2] like xs, got [2]",
    );
  });
});

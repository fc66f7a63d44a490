import { grad, valueAndGrad } from "@pushforward/autodiff";
import { convertPrediction } from "@pushforward/flows";
import { sum, type Tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { losses } from "../src/index.ts";
import { plainIdentity } from "../src/sid.ts";
import { implicitMatching } from "../src/sim.ts";
import { golden, inputOf, type Student } from "./support/generatorProblem.ts";
import { law } from "./support/goldenProblem.ts";

// Golden numbers of losses.md §6.3: one sample of a linear generator, ψ exact at its parameters and constant.

type Loss = (input: ReturnType<typeof inputOf>) => Tensor;

const at = (student: Student) => inputOf(student, golden.law, golden.rest);

/** Value and ∂/∂β. */
function numbersOf(loss: Loss): number[] {
  const [value, { shift }] = valueAndGrad((student: Student) => sum(loss(at(student))))(golden.student);
  return [value.item(), ...shift.dataSync()];
}

/** ∂/∂G, which equals ∂/∂β. */
const pullOf = (loss: Loss): number[] => numbersOf(loss).slice(1);

const expectNumbers = (got: ArrayLike<number>, want: readonly number[]): void =>
  want.forEach((value, i) => {
    expect(Math.abs(got[i] - value), `${[...Array.from(got)]} against ${want}`).toBeLessThan(1e-9);
  });

describe("golden numbers of generated samples", () => {
  const { t, freshNoise, noise } = golden.rest;
  const G = golden.student.scale.mul(noise).add(golden.student.shift);
  const xt = t.mul(G).add(t.mul(-1).add(1).mul(freshNoise));
  const [fake, real] = [golden.law.velocity(xt, t), law.velocity(xt, t)];
  const as = (value: Tensor, to: "data" | "score") => convertPrediction(value, xt, t, { from: "velocity", to });

  it("the sample, and both velocities, denoisers and scores at its noised point", () => {
    expectNumbers(G.dataSync(), [0.82, -0.74]);
    expectNumbers(xt.dataSync(), [0.212, -0.344]);
    expectNumbers(fake.dataSync(), [0.5036065574, -0.057679558]);
    expectNumbers(real.dataSync(), [1.3123530858, -1.6845537251]);
    expectNumbers(as(fake, "data").dataSync(), [0.413442623, -0.3670718232]);
    expectNumbers(as(real, "data").dataSync(), [0.7369412343, -1.01782149]);
    expectNumbers(as(fake, "score").dataSync(), [0.2254098361, 0.773480663]);
    expectNumbers(as(real, "score").dataSync(), [1.4385296287, -1.6668305877]);
  });

  it("KL", () => expectNumbers(pullOf(losses.integratedKl.loss), [-0.7278718756, 1.4641867504]));

  it("DMD", () => expectNumbers(numbersOf(losses.dmd.loss), [4.0551946015, -0.8964153795, 1.80322879]));

  it.each([
    [0.5, [-0.1101403935, -0.2056794877, 0.3615902626]],
    [1, [-0.3742036337, -0.0302310655, 0.2191957949]],
    [1.2, [-0.4798289298, 0.0399483035, 0.1622380079]],
  ])("SiD with α = %d, before its weight", (alpha, want) => expectNumbers(numbersOf(plainIdentity(alpha)), want));

  it("SiD", () => expectNumbers(numbersOf(losses.sid.loss), [-2.6592140867, 0.2213936774, 0.8991237693]));

  it("SIM with c = 0.3", () =>
    expectNumbers(numbersOf(implicitMatching({ c: 0.3 })), [-0.4759587616, -0.1735473066, 0.3884445532]));

  it("a detached X_t changes the gradient: SiD must differentiate into both networks", () => {
    const still = (student: Student) => ({
      ...at(student),
      fakeVelocity: () => fake,
      teacher: () => real,
    });
    const slope = grad((student: Student) => sum(plainIdentity(1)(still(student))))(golden.student).shift;
    expect(Math.abs(slope.dataSync()[0] + 0.0302310655)).toBeGreaterThan(0.01);
  });
});

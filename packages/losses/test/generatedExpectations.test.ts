import { grad, jvp, valueAndGrad } from "@pushforward/autodiff";
import { gaussian, type LinearGenerator, linearGenerator, velocityGap } from "@pushforward/flows";
import { exp, log, mul, square, squaredNorm, sub, sum, type Tensor, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { type DivergenceName, divergences, logisticRegression, losses } from "../src/index.ts";
import { plainIdentity } from "../src/sid.ts";
import { implicitMatching } from "../src/sim.ts";
import { nodePairs } from "./support/gaussHermite.ts";
import { gaussLegendre } from "./support/gaussLegendre.ts";

// Expectations by quadrature: example A of losses.md §1.5, data N(2, 0.5²), a linear generator with the law N(1, 0.8²).

const data = gaussian({ mean: 2, std: 0.5 });
const grid = nodePairs(40);
const { first: noise, second: freshNoise, weights } = grid;
const parameters = tensor([1, 0.8]);
const studentOf = (p: Tensor): LinearGenerator => linearGenerator({ scale: p.slice([1, 2]), shift: p.slice([0, 1]) });
const exact = studentOf(parameters);
const own = gaussian({ mean: 1, std: 0.8 });
const ratio = (x: Tensor, t: Tensor): Tensor => exp(data.logProb(x, t).sub(exact.logProb(x, t)));

/** Input of every loss: the generator at p, ψ and the ratio exact at the fixed parameters. */
const inputAt = (p: Tensor, t: number, { first: z, second: X0 } = grid) => ({
  ...{ noise: z, xs: z, data: z, v: z, freshNoise: X0, s: tensor(0), t: tensor(t) },
  generator: studentOf(p).generate,
  fakeVelocity: exact.velocity,
  teacher: data.velocity,
  ratio,
  normalize: (w: Tensor) => w,
});
type Loss = (input: ReturnType<typeof inputAt>) => Tensor;

/** E L and its gradient in (mean, deviation). */
function expectationOf(loss: Loss, t: number, nodes = grid): number[] {
  const [value, gradient] = valueAndGrad((p: Tensor) => sum(mul(nodes.weights, loss(inputAt(p, t, nodes)))))(
    parameters,
  );
  return [value.item(), ...gradient.dataSync()];
}
const gradientOf = (loss: Loss, t: number, nodes = grid): number[] => expectationOf(loss, t, nodes).slice(1);
const scaled = (numbers: readonly number[], factor: number): number[] => numbers.map((x) => x * factor);

const rule = gaussLegendre(80);
/** ∫₀¹ f dt, entry by entry. */
const integrated = (f: (t: number) => number[]): number[] =>
  rule.nodes.map((t, i) => scaled(f(t), rule.weights[i])).reduce((a, b) => a.map((x, i) => x + b[i]));

const expectNumbers = (got: readonly number[], want: readonly number[], digits = 9): void => {
  want.forEach((value, i) => {
    expect(Math.abs(got[i] - value), `${got} against ${want}`).toBeLessThan(10 ** -digits * (1 + Math.abs(value)));
  });
};
const expectDifferent = (got: readonly number[], want: readonly number[]): void => {
  expect(Math.max(...want.map((value, i) => Math.abs(got[i] - value)))).toBeGreaterThan(1e-2);
};

/** ∂/∂(mean, deviation) of an expectation under the student's own law, with everything as a function of the parameters. */
const trueGradient = (f: (x: Tensor, student: LinearGenerator, t: Tensor) => Tensor, t: number): number[] => [
  ...(
    grad((p: Tensor) => {
      const time = tensor(t);
      const student = studentOf(p);
      const xt = student
        .generate(noise)
        .mul(time)
        .add(freshNoise.mul(1 - t));
      return sum(mul(weights, f(xt, student, time)));
    })(parameters) as Tensor
  ).dataSync(),
];
const velocityMismatch = (x: Tensor, student: LinearGenerator, t: Tensor): Tensor =>
  squaredNorm(student.velocity(x, t).sub(data.velocity(x, t)));
const scoreMismatch = (x: Tensor, student: LinearGenerator, t: Tensor): Tensor =>
  squaredNorm(student.score(x, t).sub(data.score(x, t)));

/** @source losses.md §1.5: t, V_t, F_t; the divergences themselves are tested with flows */
const table = [
  [0.1, 1.2292681868, 0.0151761505],
  [0.25, 1.7095343544, 0.1899482616],
  [0.5, 2.7974243902, 2.7974243902],
  [0.75, 1.8215384615, 16.3938461538],
  [0.9, 0.2730870238, 22.1200489301],
] as const;

describe("14: divergences of the data", () => {
  it("static divergences are integrals of weighted mismatches: the expansion of Uni-Instruct", () => {
    const expansion = (name: DivergenceName): number =>
      integrated((t) => {
        const time = tensor(t);
        const xt = exact
          .generate(noise)
          .mul(time)
          .add(freshNoise.mul(1 - t));
        const R = ratio(xt, time);
        const value = sum(mul(weights, mul(divergences[name].h(R), velocityMismatch(xt, exact, time))));
        return [(t / (1 - t)) * value.item()];
      })[0];
    expectNumbers([expansion("reverseKl")], [2.3099963708], 6);
    expectNumbers([expansion("forwardKl")], [0.9465661292], 6);
    expectNumbers([expansion("jensenShannon")], [0.4869230461], 6);
    expectDifferent([expansion("hellinger")], [0.4869230461]);
  });
});

/** ∂/∂(mean, deviation) ∫ KL dt in closed form under the integral; losses.md §1.5 gives the same to 8 digits. */
const integralGradient = integrated((t) => {
  const [S, own2] = [0.25, 0.64].map((variance) => t * t * variance + (1 - t) ** 2);
  return [(-t * t) / S, 0.8 * t * t * (1 / S - 1 / own2)];
});

describe("14: velocity matching and Fisher divergence", () => {
  it.each(table)("at t = %d have their values, and the gradients that follow ψ", (t, V, F) => {
    const [velocity, ...velocityGradient] = expectationOf(losses.velocityMatching.loss, t);
    const [score, ...scoreGradient] = expectationOf(losses.fisher.loss, t);
    expectNumbers([velocity, score], [V, F]);
    expectNumbers(velocityGradient, trueGradient(velocityMismatch, t));
    expectNumbers(scoreGradient, trueGradient(scoreMismatch, t));
  });

  it("the squared mismatch itself misses the dependence of ψ on the generator", () => {
    const naive: Loss = ({ generator, fakeVelocity, teacher, t, ...input }) => {
      const xt = t.mul(generator(input.xs)).add(sub(1, t).mul(input.freshNoise));
      return squaredNorm(fakeVelocity(xt, t).sub(teacher(xt, t)));
    };
    // @source losses.md §4.2(6)
    expectNumbers(
      integrated((t) => scaled(gradientOf(naive, t), t)),
      [-0.4491, 0.1473],
      4,
    );
    expectNumbers(
      integrated((t) => scaled(gradientOf(losses.velocityMatching.loss, t), t)),
      integralGradient,
    );
  });
});

describe("14: gradients of KL", () => {
  const want = integralGradient;

  it("over all times equal the numbers of the worked example", () => {
    expectNumbers(want, [-1.4207360768, 0.5712791577], 8);
  });

  it("at one time and over all times", () => {
    expectNumbers(gradientOf(losses.integratedKl.loss, 0.6), [-1.44, 0.4142950819]);
    expectNumbers(
      integrated((t) => gradientOf(losses.integratedKl.loss, t)),
      want,
    );
  });

  it.each([
    ["diffInstruct", (t: number) => (t / (1 - t)) ** 2],
    ["vsd", (t: number) => (t * (t ** 2 + (1 - t) ** 2)) / (1 - t) ** 3],
    ["swiftBrush", (t: number) => (t * (t ** 2 + (1 - t) ** 2)) / (1 - t) ** 3],
  ] as const)("%s is another weight of the times", (name, weight) => {
    const { loss } = losses[name];
    expectNumbers(
      integrated((t) => scaled(gradientOf(loss, t), weight(t))),
      want,
    );
    expectDifferent(
      integrated((t) => gradientOf(loss, t)),
      want,
    );
  });

  it("vanish if the samples have the law of the data and ψ is exact", () => {
    const same: Loss = (input) => losses.integratedKl.loss({ ...input, fakeVelocity: data.velocity });
    expectNumbers(gradientOf(same, 0.6), [0, 0]);
    expectDifferent(gradientOf(losses.integratedKl.loss, 0.6), [0, 0]);
  });
});

describe("15: score identities", () => {
  const t = 0.6;
  /** (1 − t)²: from velocities to denoisers. */
  const unit = (1 - t) ** 2;

  it("α = ½ has half the true gradient", () => {
    const want = scaled(trueGradient(velocityMismatch, t), unit / 2);
    expectNumbers(gradientOf(plainIdentity(0.5), t), want);
    expectDifferent(gradientOf(plainIdentity(0.6), t), want);
  });

  it("α = 1 has half the gradient of the squared distance under a constant law", () => {
    // in units of scores, ‖y‖² is t²/(1 − t)⁴ of denoisers: @source losses.md §4.12
    const toScores = (t / unit) ** 2;
    expectNumbers(scaled(gradientOf(plainIdentity(1), t), 2 * toScores), [-7.37704918, 4.24482666], 8);
    expectDifferent(scaled(gradientOf(plainIdentity(0.5), t), 2 * toScores), [-7.37704918, 4.24482666]);
  });

  it("the value of J_α is (1 − α) of the mismatch: no measure of convergence", () => {
    const [half, one, more] = [0.5, 1, 1.2].map((alpha) => expectationOf(plainIdentity(alpha), t)[0]);
    const V = velocityGap(own, data, t).item();
    expectNumbers([half, one, more], [0.5 * unit * V, 0, -0.2 * unit * V]);
  });

  it("SIM with a pseudo-Huber distance of scores", () => {
    const k = t / unit;
    const fine = nodePairs(100);
    const at = (c: number): number[] => scaled(gradientOf(implicitMatching({ c: c / k }), t, fine), k);
    // @source losses.md §4.12
    expectNumbers(at(0.3), [-1.502, 0.09093], 5);
    expectDifferent(at(3), [-1.502, 0.09093]);
  });
});

describe("16: f-divergences", () => {
  const t = 0.6;
  /** E h(R)·∂KL: f-distill's gradient before the weight of DMD. */
  const weighted = (name: DivergenceName): number[] => {
    const loss: Loss = (input) => {
      const xt = exact
        .generate(input.xs)
        .mul(input.t)
        .add(input.freshNoise.mul(sub(1, input.t)));
      return mul(divergences[name].h(ratio(xt, input.t)), losses.integratedKl.loss(input));
    };
    return gradientOf(loss, t);
  };

  it("h(R) times the gradient of KL is the gradient of the divergence at that time", () => {
    // @source losses.md §4.10
    expectNumbers(weighted("forwardKl"), [-0.9221311475, -0.4149590164]);
    expectNumbers(weighted("jensenShannon"), [-0.4244967, -0.0987568], 6);
    for (const name of Object.keys(divergences) as DivergenceName[]) {
      const want = trueGradient((x, student, time) => {
        const R = exp(data.logProb(x, time).sub(student.logProb(x, time)));
        return divergences[name].f(R);
      }, t);
      expectNumbers(weighted(name), want, 7);
    }
    expectDifferent(weighted("forwardKl"), weighted("reverseKl"));
  });

  it("h is R²F″ and bend h − R·h′, F(1) = 0", () => {
    const R = tensor([0.2, 0.7, 1, 1.9, 6]);
    const ones = R.mul(0).add(1);
    for (const { f, h, bend } of Object.values(divergences)) {
      const slope = (x: Tensor): Tensor => jvp(f, [x], [ones])[1];
      const curvature = jvp(slope, [R], [ones])[1];
      expectNumbers([...h(R).dataSync()], [...square(R).mul(curvature).dataSync()]);
      const rest = h(R).sub(R.mul(jvp(h, [R], [ones])[1]));
      expectNumbers([...bend(R).dataSync()], [...rest.dataSync()]);
      expect(Math.abs(f(tensor(1)).item())).toBeLessThan(1e-15);
    }
    expectDifferent([...divergences.forwardKl.h(R).dataSync()], [...log(R).dataSync()]);
  });

  it.each([
    ["uniInstructReverseKlExact", [-11.52, 5.43677399]],
    ["uniInstructForwardKlExact", [-4.72403252, -4.25162927]],
    ["uniInstructJensenShannonExact", [-1.93138234, -1.22300231]],
  ] as const)("%s at one time", (name, want) => {
    // @source losses.md §4.14, for E h(R)‖s^θ − s‖² without its weight (1 − t)/t
    expectNumbers(scaled(gradientOf(losses[name].loss, t), t / (1 - t)), want, 8);
  });

  it.each([
    ["uniInstructReverseKlExact", "reverseKl"],
    ["uniInstructForwardKlExact", "forwardKl"],
    ["uniInstructJensenShannonExact", "jensenShannon"],
    ["uniInstructJeffreysExact", "jeffreys"],
    ["uniInstructChiSquaredExact", "chiSquared"],
  ] as const)("%s has the true gradient of its expansion", (name, divergence) => {
    const want = trueGradient((x, student, time) => {
      const R = exp(data.logProb(x, time).sub(student.logProb(x, time)));
      return mul(divergences[divergence].h(R), velocityMismatch(x, student, time));
    }, t);
    expectNumbers(gradientOf(losses[name].loss, t), scaled(want, t / (1 - t)), 7);
    const still: Loss = (input) => losses[name].loss({ ...input, ratio: (x, time) => ratio(x, time).mul(0).add(1) });
    if (divergence !== "reverseKl") expectDifferent(gradientOf(still, t), scaled(want, t / (1 - t)));
  });
});

describe("the critic", () => {
  const t = 0.6;
  const time = tensor(t);
  const noised = (x: Tensor): Tensor => x.mul(t).add(freshNoise.mul(1 - t));
  const [real, fake] = [noised(noise.mul(0.5).add(2)), noised(exact.generate(noise))];
  const logRatio = (x: Tensor): Tensor => data.logProb(x, time).sub(exact.logProb(x, time));
  /** d/dε of the critic's expected loss at C + ε·b. */
  const slope = (C: (x: Tensor) => Tensor, b: (x: Tensor) => Tensor): number =>
    (
      grad((epsilon: Tensor) => {
        const logit = (x: Tensor): Tensor => C(x).add(mul(epsilon, b(x)));
        return sum(mul(weights, logisticRegression(logit(real), logit(fake))));
      })(tensor(0)) as Tensor
    ).item();

  it("has its optimum at the log ratio of the densities", () => {
    for (const b of [logRatio, (x: Tensor) => sum(x, -1), (x: Tensor) => sum(square(x), -1)]) {
      expect(Math.abs(slope(logRatio, b))).toBeLessThan(1e-7);
      expect(Math.abs(slope((x) => logRatio(x).mul(1.1), b))).toBeGreaterThan(1e-3);
    }
  });

  it("has gradient 0 if the samples have the law of the data, and otherwise a gradient towards it", () => {
    const same: Loss = (input) => losses.adversarial.loss({ ...input, critic: (x) => logRatio(x).mul(0) });
    expectNumbers(expectationOf(same, t), [Math.LN2, 0, 0]);
    const other: Loss = (input) => losses.adversarial.loss({ ...input, critic: logRatio });
    // The data's mean is 2, the generator's 1.
    expect(gradientOf(other, t)[0]).toBeLessThan(-0.1);
  });
});

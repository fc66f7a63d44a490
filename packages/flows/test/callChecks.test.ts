import { jvp, vmap } from "@pushforward/autodiff";
import {
  cast,
  compile,
  key,
  onesLike,
  printProgram,
  type Tensor,
  type TensorLike,
  tensor,
  trace,
  zeros,
} from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import * as flows from "../src/index.ts";

const {
  gaussian,
  gaussianMixture,
  integrate,
  interpolants,
  linear,
  linearGenerator,
  linearOde,
  pointMass,
  quantileFlow,
  trajectory,
} = flows;

const [law, mixture] = [
  gaussian({ mean: [1, -1], std: [0.5, 2] }),
  gaussianMixture({
    means: [
      [1, 1],
      [-1, 0],
    ],
  }),
];
const line = quantileFlow(gaussianMixture({ means: [-1, 2] }));
const ode = linearOde([
  [0, 1],
  [-1, 0],
]);
const generator = linearGenerator({ scale: tensor([1, 2]), shift: tensor([0, 1]) });
const psi = flows.randomBijection(key(0), { dim: 2 });
const x = zeros([3, 2]);
const u = (y: Tensor, ..._times: Tensor[]): Tensor => y;
const fixed = { solver: "heun", steps: 2 } as const;

/** Every function of one time, called with it. */
const fields: Record<string, (t: TensorLike) => unknown> = {
  "gaussian.velocity": (t) => law.velocity(x, t),
  "gaussian.score": (t) => law.score(x, t),
  "gaussian.denoiser": (t) => law.denoiser(x, t),
  "gaussian.logProb": (t) => law.logProb(x, t),
  "gaussianMixture.velocity": (t) => mixture.velocity(x, t),
  "gaussianMixture.score": (t) => mixture.score(x, t),
  "gaussianMixture.denoiser": (t) => mixture.denoiser(x, t),
  "gaussianMixture.logProb": (t) => mixture.logProb(x, t),
  "pointMass.velocity": (t) => flows.pointMassVelocity([1, 1])(x, t),
  "linearOde.velocity": (t) => ode.velocity(x, t),
  "linearGenerator.velocity": (t) => generator.velocity(x, t),
  "linearGenerator.score": (t) => generator.score(x, t),
  "linearGenerator.logProb": (t) => generator.logProb(x, t),
  learnedVelocity: (t) => flows.learnedVelocity((_, y) => y, null, 2)(x, t),
  formulaVelocity: (t) => flows.formulaVelocity("[x1, t]", { dim: 2 })(x, t),
  invertibleVelocity: (t) => flows.invertibleVelocity(psi)(x, t),
  interpolate: (t) => flows.interpolate(x, x, t),
  conditionalVelocity: (t) => flows.conditionalVelocity(x, x, t),
  convertField: (t) => flows.convertField(u, { from: "velocity", to: "noise" })(x, t),
  convertPrediction: (t) => flows.convertPrediction(x, x, t, { from: "velocity", to: "data" }),
  velocityOnPath: (t) => flows.velocityOnPath(interpolants.trigonometric, u)(x, t),
  velocityFromPath: (t) => flows.velocityFromPath(interpolants.trigonometric, u)(x, t),
  toLinearPath: (t) => flows.toLinearPath(linear, x, t),
  fromLinearPath: (t) => flows.fromLinearPath(linear, x, t),
  marginalSde: (t) => flows.marginalSde(u, { diffusion: 1, span: tensor(1) }).drift(x, t as Tensor),
};

/** Every function of two times, called with the second one. */
const maps: Record<string, (t: TensorLike, s?: TensorLike) => unknown> = {
  integrate: (t, s = 0) => integrate(u, x, s, t, fixed),
  "integrate, adaptive": (t, s = 0) => integrate(u, x, s, t),
  "integrate, with noise": (t, s = 0) => integrate(u, x, s, t, { solver: "heunSde", key: key(0), score: u }),
  trajectory: (t, s = 0) => trajectory(u, x, s, t, fixed),
  solverFlowMap: (t, s = 0) => flows.solverFlowMap(u, fixed)(x, s, t),
  "gaussian.flowMap": (t, s = 0) => law.flowMap(x, s, t),
  "gaussian.averageVelocity": (t, s = 0) => law.averageVelocity(x, s, t),
  "pointMass.flowMap": (t, s = 0) => pointMass([1, 1]).flowMap(x, s, t),
  "pointMass.averageVelocity": (t, s = 0) => pointMass([1, 1]).averageVelocity(x, s, t),
  "linearOde.flowMap": (t, s = 0) => ode.flowMap(x, s, t),
  "linearOde.averageVelocity": (t, s = 0) => ode.averageVelocity(x, s, t),
  "quantileFlow.flowMap": (t, s = 0) => line.flowMap(zeros([3, 1]), s, t),
  "quantileFlow.averageVelocity": (t, s = 0) => line.averageVelocity(zeros([3, 1]), s, t),
  firstOrderFlowMap: (t, s = 0) => flows.firstOrderFlowMap(u)(x, s, t),
  secondOrderFlowMap: (t, s = 0) => flows.secondOrderFlowMap(u, u)(x, s, t),
  secondOrderVelocity: (t, s = 0) => flows.secondOrderVelocity(u, u)(x, s, t),
  secondOrderCorrection: (t, s = 0) => flows.secondOrderCorrection(u, u)(x, s, t),
  ctmFlowMap: (t, s = 0) => flows.ctmFlowMap(u)(x, s, t),
  ctmVelocity: (t, s = 0) => flows.ctmVelocity(u)(x, s, t),
  pmfVelocity: (t, s = 0) => flows.pmfVelocity(u)(x, s, t),
  pmfPrediction: (t, s = 0) => flows.pmfPrediction(u)(x, s, t),
  trigFlowVelocity: (t, s = 0) => flows.trigFlowVelocity(u)(x, s, t),
  averageVelocityOf: (t, s = 0) => flows.averageVelocityOf(u)(x, s, t),
  invertibleFlowMap: (t, s = 0) => flows.invertibleFlowMap(psi)(x, s, t),
  ...Object.fromEntries(
    Object.entries(flows.flowMapForms).map(([name, form]) => [
      `flowMapForms.${name}`,
      (t: TensorLike, s: TensorLike = 0) => form(u, u)(x, s, t),
    ]),
  ),
};

/** Calls with a time each, whichever argument it is. */
const calls = [
  ...Object.entries(fields).map(([name, call]) => [name, call] as const),
  ...Object.entries(maps).flatMap(([name, call]) => [
    [`${name}, end`, (t: TensorLike) => call(t)] as const,
    [`${name}, start`, (s: TensorLike) => call(0.7, s)] as const,
  ]),
];

const column = tensor([[0.2], [0.4], [0.6]]);

/** What takes neither times with points nor a function of them. */
const timeless = (
  "chain checkerboard eightGaussians expm FormulaError formulaFunction fromFile klDivergence linearTime linearVelocity moons pathScale pinwheel " +
  "randomBijection rings shrink solverOf swissRoll symmetricEigen trigAngle trigFlow twoSpirals checkSameShape checkPoints checkTimes checkedFunction"
).split(" ");

describe("every function of points and times", () => {
  it.each(calls)("%s takes a number, a scalar, [1, 1] and [batch, 1]", (_, call) => {
    for (const time of [0.5, tensor(0.5), tensor([[0.5]]), column]) expect(() => call(time)).not.toThrow();
  });

  it.each(calls)("%s refuses [batch] and names the argument and both shapes", (_, call) => {
    const flat = tensor([0.2, 0.4, 0.6]);
    expect(() => call(flat)).toThrow(
      /^\w+(\.\w+)?: \w+ must be a scalar or \[3, 1\] for (x|noise) \[3, [12]\], got \[3\]; use/,
    );
    expect(() => call(flat)).toThrow(expect.objectContaining({ name: "ShapeError" }));
  });

  it.each(calls)("%s refuses other shapes, dtypes and values", (_, call) => {
    for (const shape of [[2, 1], [3, 2], [1], [1, 3], [3, 1, 1]]) {
      expect(() => call(zeros(shape))).toThrow(expect.objectContaining({ name: "ShapeError" }));
    }
    expect(() => call(cast(column, "float32"))).toThrow(/must be float64 like \w+, got float32; use cast/);
    for (const value of [null, [0.5], "0.5"]) {
      expect(() => call(value as unknown as Tensor)).toThrow(expect.objectContaining({ name: "DTypeError" }));
    }
  });

  it("float64 times with float32 points name integrate and the time", () => {
    const points = cast(x, "float32");
    expect(() => integrate(u, points, tensor(0), 1)).toThrow(
      'integrate: s must be float32 like x, got float64; use cast(s, "float32")',
    );
    expect(() => integrate(u, points, 0, column)).toThrow("integrate: t must be float32 like x, got float64");
  });

  it("checks under jvp, vmap, trace and compile too", () => {
    const flat = tensor([0.2, 0.4, 0.6]);
    const message = "gaussian.velocity: t must be a scalar or [3, 1] for x [3, 2], got [3]";
    expect(() => jvp((y: Tensor) => law.velocity(y, flat), [x], [x])).toThrow(message);
    expect(() => trace((y: Tensor) => law.velocity(y, flat))(x)).toThrow(message);
    expect(() => compile((y: Tensor) => law.velocity(y, flat))(x)).toThrow(message);
    expect(() => vmap((y: Tensor) => law.velocity(y, zeros([2])))(x)).toThrow(
      "gaussian.velocity: t must be a scalar or [1] for x [2], got [2]",
    );
    expect(vmap((y: Tensor, t: Tensor) => law.velocity(y, t))(x, column).shape).toEqual([3, 2]);
  });

  it("leaves nothing in a program", () => {
    const bare = (y: Tensor, t: Tensor) => y.add(t.sub(0.1).mul(y.mul(t)));
    const checked = (y: Tensor, t: Tensor) => flows.firstOrderFlowMap((z, _, end) => z.mul(end))(y, 0.1, t);
    expect(printProgram(trace(checked)(x, column))).toBe(printProgram(trace(bare)(x, column)));
  });
});

/** Every function that calls one of the caller's, with what it calls it. */
const callers: Record<string, readonly [what: string, call: (f: flows.AverageVelocity) => unknown]> = {
  integrate: ["the velocity", (f) => integrate(f as never, x, 0, 1, fixed)],
  "integrate, adaptive": ["the velocity", (f) => integrate(f as never, x, 0, 1)],
  "integrate, adaptive, s = t": ["the velocity", (f) => integrate(f as never, x, 1, 1)],
  "integrate, with noise": [
    "the velocity",
    (f) => integrate(f as never, x, 0, 1, { solver: "heunSde", key: key(0), score: u }),
  ],
  "integrate's score": [
    "the score",
    (f) => integrate(u, x, 0, 1, { solver: "eulerMaruyama", key: key(0), score: f as never }),
  ],
  trajectory: ["the velocity", (f) => trajectory(f as never, x, 0, 1, fixed)],
  solverFlowMap: ["the velocity", (f) => flows.solverFlowMap(f as never, fixed)(x, 0, 1)],
  firstOrderFlowMap: ["u", (f) => flows.firstOrderFlowMap(f)(x, 0, 1)],
  secondOrderVelocity: ["v", (f) => flows.secondOrderVelocity(f as never, u)(x, 0, 1)],
  "secondOrderVelocity's n": ["n", (f) => flows.secondOrderVelocity(u, f)(x, 0, 1)],
  "secondOrderCorrection's v": ["v", (f) => flows.secondOrderCorrection(f as never, u)(x, 0, 1)],
  "secondOrderCorrection's u": ["u", (f) => flows.secondOrderCorrection(u, f)(x, 0, 1)],
  ctmVelocity: ["g", (f) => flows.ctmVelocity(f)(x, 0, 1)],
  pmfVelocity: ["the prediction", (f) => flows.pmfVelocity(f)(x, 0, 1)],
  pmfPrediction: ["u", (f) => flows.pmfPrediction(f)(x, 0, 1)],
  trigFlowVelocity: ["the network", (f) => flows.trigFlowVelocity(f)(x, 0.5, 1)],
  trigFlowNetwork: ["u", (f) => flows.trigFlowNetwork(f)(x, 0.5, 0)],
  averageVelocityOf: ["the map", (f) => flows.averageVelocityOf(f)(x, 0, 1)],
  "averageVelocityOf, s = t": ["the map", (f) => flows.averageVelocityOf(f)(x, 1, 1)],
  learnedVelocity: ["the network", (f) => flows.learnedVelocity((_, y, t) => f(y, t, t), null, 2)(x, 0)],
  convertField: ["the field", (f) => flows.convertField(f as never, { from: "velocity", to: "score" })(x, 0.5)],
  velocityOnPath: ["v", (f) => flows.velocityOnPath(linear, f as never)(x, 0.5)],
  velocityFromPath: ["w", (f) => flows.velocityFromPath(linear, f as never)(x, 0.5)],
  marginalSde: ["v", (f) => flows.marginalSde(f as never, { diffusion: 1, span: tensor(1) }).drift(x, tensor(0.5))],
  checkFlowMap: ["the map", (f) => flows.checkFlowMap(f, { dim: 2, key: key(0), cases: 3 })],
  "checkFlowMap's velocity": [
    "the velocity",
    (f) => flows.checkFlowMap(law.flowMap, { dim: 2, key: key(0), cases: 3, velocity: f as never }),
  ],
};

it("every export stands in one of these tables, or takes neither times nor functions of them", () => {
  const named = Object.keys({ ...fields, ...maps, ...callers }).map((name) => name.split(/[.,' ]/)[0]);
  const ofTimes = ["pathKl", "velocityGap", "scoreGap", "couplingLayer", "pointMassVelocity"];
  const known = new Set([...named, ...ofTimes, ...timeless]);
  const exported = Object.entries(flows).filter(([, value]) => typeof value === "function");
  expect(exported.map(([name]) => name).filter((name) => !known.has(name))).toEqual([]);
});

describe("every function that calls a function of the caller", () => {
  it.each(Object.entries(callers))("%s checks what it returns", (_, [what, call]) => {
    const thrown = (f: unknown, name: string, message: string): void => {
      expect(() => call(f as flows.AverageVelocity)).toThrow(message);
      expect(() => call(f as flows.AverageVelocity)).toThrow(expect.objectContaining({ name }));
    };
    thrown((y: Tensor) => y.slice(null, [0, 1]), "ShapeError", `${what} must return [3, 2] like x, got [3, 1]`);
    thrown(() => tensor(2), "ShapeError", `${what} must return [3, 2] like x, got []`);
    thrown((y: Tensor) => y.slice(0), "ShapeError", `${what} must return [3, 2] like x, got [2]`);
    thrown(() => 2, "ShapeError", `${what} must return [3, 2] like x, got the number 2`);
    thrown(async (y: Tensor) => y, "DTypeError", `${what} must return [3, 2] like x, got a Promise; await it first`);
    thrown(() => undefined, "DTypeError", `${what} must return [3, 2] like x, got undefined`);
    thrown(() => [[1, 2]], "DTypeError", `${what} must return [3, 2] like x, got an array; make it a tensor`);
    thrown((y: Tensor) => cast(y, "float32"), "DTypeError", `${what} must return float64 like x, got float32`);
    expect(() => call((y) => onesLike(y))).not.toThrow();
  });

  it("names the conditioner, a bijection and the diffusion", () => {
    const layer = flows.couplingLayer(2, "first", (rest) => rest);
    expect(() => layer.forward(x, tensor(0))).toThrow(
      "couplingLayer: the conditioner must return [3, 2], shift and log-scale, got [3, 1]",
    );
    const broken = { dim: 2, forward: (z: Tensor) => z.slice(0), inverse: (y: Tensor) => y };
    expect(() => flows.invertibleFlowMap(broken)(x, 0, 1)).toThrow("psi.forward must return [3, 2] like x, got [2]");
    const diffusion = () => zeros([3]);
    expect(() => integrate(u, x, 0, 1, { solver: "heunSde", key: key(0), diffusion, score: u })).toThrow(
      "the diffusion must be a scalar or [3, 1] for x [3, 2], got [3]",
    );
    expect(() => integrate(u, x, 0, 1, { solver: "heunSde", key: key(0), diffusion: -1, score: u })).toThrow(
      "the diffusion must be at least 0, got -1",
    );
  });

  it("refuses what is no function", () => {
    expect(() => integrate(x as never, x, 0, 1)).toThrow("integrate: the velocity must be a function, got [3, 2]");
    expect(() => flows.learnedVelocity(undefined as never, null, 2)).toThrow(
      "the network must be a function, got undefined",
    );
    expect(() => flows.couplingLayer(2, "first", x as never)).toThrow("the conditioner must be a function, got [3, 2]");
    expect(() => flows.marginalSde(u, { diffusion: undefined as never, span: tensor(1) })).toThrow(
      "marginalSde: a diffusion that is no number must be a function, got undefined",
    );
    expect(() => flows.firstOrderFlowMap(undefined as never)).toThrow("u must be a function, got undefined");
  });
});

describe("functions of times alone", () => {
  const other = gaussian({ mean: [0, 0], std: 1 });
  it.each([
    ["gaussian.velocityVariance", (t: TensorLike) => law.velocityVariance(t)],
    ["pathKl", (t: TensorLike) => flows.pathKl(law, other, t)],
    ["velocityGap", (t: TensorLike) => flows.velocityGap(law, other, t)],
    ["scoreGap", (t: TensorLike) => flows.scoreGap(law, other, t)],
  ])("%s takes [batch, 1], and refuses [batch], also where batch is dim", (name, f) => {
    expect(f(tensor([[0.2], [0.4]])).shape).toEqual([2]);
    expect(f(0.2).shape).toEqual([]);
    expect(() => f(tensor([0.2, 0.4]))).toThrow(`${name}: t must be a scalar or [batch, 1], got [2]`);
  });
});

import type { AnyLoss } from "@pushforward/losses";
import { add, mean, mul, sub, sum, type Tensor, tanh, trace, zeros } from "@pushforward/tensor";
import { functionsOf } from "../lossInputs.ts";
import type { Target } from "../target.ts";
import { writeFunction } from "../writeFunction.ts";

/** Parameters of the small network, each [dim]. */
export interface SmallParams {
  readonly a: Tensor;
  readonly b: Tensor;
  readonly c: Tensor;
  readonly d: Tensor;
}

/** Names of the parameters, in order. */
export const paramNames = ["a", "b", "c", "d"] as const satisfies readonly (keyof SmallParams)[];

/** A network with its parameters put in; times are [batch, 1] or 0-d. */
type Network = (x: Tensor, s: Tensor, t: Tensor) => Tensor;

/** A small network that depends on everything and mixes the coordinates: tanh(a·x + b·s + c·t + d·Σx). */
const small =
  ({ a, b, c, d }: SmallParams): Network =>
  (x, s, t) =>
    tanh(add(add(add(mul(a, x), mul(b, s)), mul(c, t)), mul(d, sum(x, -1, { keepDims: true }))));

/** A function of a loss that a network u stands behind: in TypeScript, and as an expression of Python with the same value. */
interface Derived {
  readonly of: (u: Network) => (...args: Tensor[]) => Tensor;
  readonly text: string;
}

/** Every function that a loss may receive. Each has a network with parameters of its own. */
const derived: Readonly<Record<string, Derived>> = {
  u: { of: (u) => u, text: "u(x, s, t)" },
  ema: { of: (u) => u, text: "u(x, s, t)" },
  unconditional: { of: (u) => u, text: "u(x, s, t)" },
  teacher: { of: (u) => (x, t) => u(x, t, t), text: "u(x, t, t)" },
  fakeVelocity: { of: (u) => (x, t, s) => u(x, s, t), text: "u(x, s, t)" },
  teacherMap: { of: (u) => (x, s, t) => x.add(sub(t, s).mul(u(x, s, t))), text: "x + (t - s) * u(x, s, t)" },
  solve: { of: (u) => (x, a, b) => x.add(sub(b, a).mul(u(x, a, b))), text: "x + (b - a) * u(x, a, b)" },
  critic: { of: (u) => (x, t) => sum(u(x, t, t), -1), text: "u(x, t, t).sum()" },
  ratio: { of: (u) => (x, t) => sum(u(x, t, t).mul(u(x, t, t)), -1).add(1), text: "(u(x, t, t) ** 2).sum() + 1" },
};

/** Names of the functions of a loss that have a network, the trained one first. */
export const networkNames = (loss: Pick<AnyLoss, "learns" | "needs">): readonly string[] =>
  Object.keys(functionsOf(loss)).filter((name) => Object.hasOwn(derived, name));

/** The functions of a loss at the parameters of their networks. Weights are divided by their mean over the batch. */
export const smallFunctions = (params: Readonly<Record<string, SmallParams>>): Record<string, unknown> => ({
  ...Object.fromEntries(Object.entries(params).map(([name, own]) => [name, derived[name].of(small(own))])),
  normalize: (weights: Tensor) => weights.div(mean(weights)),
});

/** Lines of Python that define the small network, written by the exporter itself. */
export function networkLines(target: Target): readonly string[] {
  const names = [...paramNames, "x", "s", "t"];
  const [point, time] = [zeros([3]), zeros([])];
  const program = trace(
    (a: Tensor, b: Tensor, c: Tensor, d: Tensor, x: Tensor, s: Tensor, t: Tensor) => small({ a, b, c, d })(x, s, t),
    {
      names,
    },
  )(point, point, point, point, point, time, time);
  return writeFunction(program, target, { name: "network", remark: () => "[dim]" }).lines;
}

/** A function of a loss as a lambda of Python, with its network at the parameters `p`. */
export function functionText(name: string, loss: Pick<AnyLoss, "learns" | "needs">, p: string): string {
  const { args } = functionsOf(loss)[name];
  return `lambda ${args.join(", ")}: ${derived[name].text.replaceAll("u(", `network(*${p}, `)}`;
}

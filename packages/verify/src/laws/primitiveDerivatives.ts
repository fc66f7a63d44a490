import { customJvp, jvp, richardson } from "@pushforward/autodiff";
import { add, mul, type Tensor } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { listGap } from "../gaps.ts";
import { defineLaw, oneByOne } from "../law.ts";
import { smoothCase, smoothCaseNames } from "../smoothCases.ts";

type Many = (xs: readonly Tensor[]) => Tensor;

/** A mutant: the same values with a derivative rule that is wrong by 10⁻⁶. */
const mutant = (f: Many): Many => {
  const custom = customJvp(
    (...xs: Tensor[]) => f(xs),
    (xs, dxs) => {
      const [out, tangent] = jvp((...values: Tensor[]) => f(values), xs as Tensor[], dxs as Tensor[]);
      return [out, add(1e-6, tangent)];
    },
  );
  return (xs) => custom(...xs);
};

function instance(draws: Draws, isBroken: boolean, index: number): number {
  const { run, operands } = smoothCase(smoothCaseNames[index], draws);
  const unit = (): Tensor[] => operands.map((x) => draws.normal(x.shape).tanh());
  const isSecond = draws.chance(0.5);
  const [inner, directions] = [unit(), unit()];
  const along =
    (f: Many, dxs: readonly Tensor[]): Many =>
    (xs) =>
      jvp((...values: Tensor[]) => f(values), [...xs], [...dxs])[1];
  const value = isSecond ? along(run, inner) : run;
  const want = richardson((h) => {
    const moved = operands.map((x, i) => add(x, mul(h, directions[i])));
    return Float64Array.from(value(moved).dataSync());
  }).value;
  return listGap(along(isBroken ? mutant(value) : value, directions)(operands).dataSync(), want);
}

/** Derivative rules are derivatives: first and second tangents against extrapolated differences. */
export const primitiveDerivatives = defineLaw({
  name: "primitiveDerivatives",
  title: "Derivative rules are derivatives",
  statement: "jvp, and jvp of jvp, equal Richardson-extrapolated differences for every primitive, element by element.",
  formula: String.raw`Df(x)[dx] = \lim_{h\to 0} \frac{f(x + h dx) - f(x - h dx)}{2h}`,
  bound: 1e-9,
  broken: "the derivative rule is too large by 10⁻⁶",
  weight: 3,
  // every function once per batch
  batch: smoothCaseNames.length,
  ...oneByOne(instance),
});

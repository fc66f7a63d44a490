import { valueAndGrad } from "@pushforward/autodiff";
import { type BackendName, backends, compile, type Tensor } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { treeGap } from "../gaps.ts";
import { defineLaw, oneByOne } from "../law.ts";
import { randomProgram } from "../randomProgram.ts";

function instance(draws: Draws, isBroken: boolean): number {
  const program = randomProgram(draws, { inputs: 2, length: draws.integer(2, 8) });
  const f = valueAndGrad((x: Tensor, y: Tensor) => program.total([x, y]), { argnums: [0, 1] });
  const [first, second] = [program.draw(), program.draw()];
  // broken: the function closes over the first argument, so the program contains the value of the first call
  let closed = first[0];
  const options = { backend: draws.pick(Object.keys(backends) as BackendName[]) };
  const compiled = isBroken ? compile((_: Tensor, y: Tensor) => f(closed, y), options) : compile(f, options);
  compiled(first[0], first[1]);
  closed = second[0];
  return treeGap(compiled(second[0], second[1]), f(second[0], second[1]));
}

/** A compiled function computes the same as the eager function. */
export const compiledIsEager = defineLaw({
  name: "compiledIsEager",
  title: "Compiled equals eager",
  statement:
    "The compiled value and gradient of a random program equal the eager value and gradient on every backend, also at the second call.",
  formula: String.raw`\mathrm{compile}(f)(x) = f(x)`,
  bound: 1e-12,
  broken: "the function closes over an argument that changes",
  ...oneByOne(instance),
});

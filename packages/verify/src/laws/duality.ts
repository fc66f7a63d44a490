import { jvp, stopCotangent, vjp } from "@pushforward/autodiff";
import { add, mul, type Tensor } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { defineLaw, oneByOne } from "../law.ts";
import { type RandomProgram, randomProgram } from "../randomProgram.ts";

/** |⟨w, J·dx⟩ − ⟨Jᵀ·w, dx⟩| relative to the sum of the products' sizes. */
function pairingGap(f: (...xs: Tensor[]) => Tensor, program: RandomProgram, draws: Draws): number {
  const [xs, dxs] = [program.draw(), program.draw()];
  const w = draws.normal(program.shape);
  const [, tangent] = jvp(f, xs, dxs);
  const cotangents = vjp(f, xs)[1](w) as readonly Tensor[];
  const forward = mul(w, tangent);
  const backward = cotangents.map((ct, i) => mul(ct, dxs[i]));
  const size = backward.reduce((total, each) => total + each.abs().sum().item(), forward.abs().sum().item());
  const gap = forward.sum().item() - backward.reduce((total, each) => total + each.sum().item(), 0);
  return Math.abs(gap) / Math.max(size, Number.MIN_VALUE);
}

function instance(draws: Draws, isBroken: boolean): number {
  const program = randomProgram(draws, { inputs: 2, length: draws.integer(3, 10) });
  const f = (...xs: Tensor[]): Tensor =>
    program.run(isBroken ? [add(xs[0], mul(0.1, stopCotangent(xs[0]))), xs[1]] : xs);
  return pairingGap(f, program, draws);
}

/** Forward and reverse mode are transposes of each other. */
export const duality = defineLaw({
  name: "duality",
  title: "Forward and reverse mode are transposes",
  statement: "Pairing a cotangent with jvp equals pairing vjp with the tangent, on random programs.",
  formula: String.raw`\langle w, J dx\rangle = \langle J^{\mathsf T} w, dx\rangle`,
  bound: 1e-12,
  broken: "a tenth of the first argument passes a marker that only transposition cuts",
  weight: 3,
  ...oneByOne(instance),
});

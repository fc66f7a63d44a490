import { grad, jacfwd, jacrev, jvp, stopCotangent, vjp } from "@pushforward/autodiff";
import { sum, type Tensor } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { treeGap, worse } from "../gaps.ts";
import { defineLaw, oneByOne } from "../law.ts";
import { randomProgram } from "../randomProgram.ts";

type Scalar = (x: Tensor) => Tensor;

/** The second derivative by all four orders of the modes, and its product with a vector by three. */
function secondDerivatives(f: Scalar, x: Tensor, dx: Tensor): { matrices: Tensor[]; products: Tensor[] } {
  const slope = (y: Tensor): Tensor => jvp(f, [y], [dx])[1];
  return {
    matrices: [jacfwd(jacfwd(f)), jacfwd(jacrev(f)), jacrev(jacfwd(f)), jacrev(jacrev(f))].map((each) => each(x)),
    products: [jvp(grad(f), [x], [dx])[1], grad(slope)(x), vjp(grad(f), [x])[1](dx)[0]],
  };
}

function instance(draws: Draws, isBroken: boolean): number {
  const program = randomProgram(draws, {
    length: draws.integer(2, 5),
    shape: [draws.integer(1, 3), draws.integer(1, 2)],
  });
  const f: Scalar = (x) => program.total([x], isBroken ? stopCotangent : undefined);
  const [x] = program.draw();
  const dx = draws.normal(program.shape);
  const { matrices, products } = secondDerivatives(f, x, dx);
  const product = sum(matrices[1].mul(dx), [-2, -1]);
  const gaps = [
    ...matrices.slice(1).map((each) => treeGap(each, matrices[0])),
    ...products.map((each) => treeGap(each, product)),
  ];
  return gaps.reduce(worse);
}

/** All combinations of modes give the same second derivative. */
export const secondOrder = defineLaw({
  name: "secondOrder",
  title: "Second derivatives agree",
  statement:
    "Forward over forward, forward over reverse, reverse over forward and reverse over reverse agree pairwise.",
  formula: String.raw`\nabla^2 f \cdot dx = D(\nabla f)[dx] = \nabla(Df[dx]) = D(\nabla f)^{\mathsf T}dx`,
  bound: 1e-11,
  broken: "intermediate values pass markers that only transposition cuts",
  ...oneByOne(instance),
});

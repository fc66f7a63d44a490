import { grad, vmap } from "@pushforward/autodiff";
import { flip, slice, stack, type Tensor } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { treeGap, worse } from "../gaps.ts";
import { defineLaw, oneByOne } from "../law.ts";
import { randomProgram } from "../randomProgram.ts";

function instance(draws: Draws, isBroken: boolean): number {
  const program = randomProgram(draws, { inputs: 2, length: draws.integer(2, 7) });
  const batch = draws.integer(2, 4);
  const isShared = draws.chance(0.5);
  const xs = draws.normal([batch, ...program.shape]);
  const ys = draws.normal(isShared ? program.shape : [batch, ...program.shape]);
  const gaps = [
    (x: Tensor, y: Tensor) => program.run([x, y]),
    grad((x: Tensor, y: Tensor) => program.total([x, y])),
  ].map((f) => {
    const mapped = vmap(f, { inAxes: [0, isShared ? null : 0] })(xs, ys);
    const rows = Array.from({ length: batch }, (_, i) => f(slice(xs, i), isShared ? ys : slice(ys, i)));
    return treeGap(mapped, isBroken ? flip(stack(rows), 0) : stack(rows));
  });
  return gaps.reduce(worse);
}

/** Mapping over a batch is a loop over its elements. */
export const vmapIsLoop = defineLaw({
  name: "vmapIsLoop",
  title: "vmap is a loop",
  statement:
    "vmap of a random program, and of its gradient, equals the loop over the batch, with mapped and shared arguments.",
  formula: String.raw`\mathrm{vmap}(f)(x, y)_i = f(x_i, y_i)`,
  bound: 1e-12,
  broken: "the loop's rows are stacked in reverse order",
  ...oneByOne(instance),
});

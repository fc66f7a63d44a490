import { arange, concat, fromData, key, normal, stack, type Tensor } from "@pushforward/tensor";
import { type Problem, tableProblem } from "../../src/index.ts";

/** Points around (−2, 0) of the class "left" and around (2, 0) of the class "right", three of four on the left. */
export function labelledProblem(rows = 400): Problem {
  const places = Int32Array.from({ length: rows }, (_, i) => (i % 4 === 3 ? 1 : 0));
  const centers = stack(
    [
      fromData(
        Float64Array.from(places, (place) => 4 * place - 2),
        [rows],
      ),
      arange(rows).mul(0),
    ],
    1,
  );
  const values: Tensor = centers.add(normal(key(7), [rows, 2]).mul(0.3));
  const labels = { names: ["left", "right"], places };
  return tableProblem("sides", { values, names: ["x", "y"], labels }, { heldOut: 0.25, seed: 1 });
}

/** Fractions of points [n, 2] on the right. */
export const onTheRight = (x: Tensor): number => {
  const values = concat([x], 0).dataSync();
  const count = x.shape[0];
  return (
    Array.from({ length: count }, (_, i) => Number(values[2 * i] > 0)).reduce((sum, each) => sum + each, 0) / count
  );
};

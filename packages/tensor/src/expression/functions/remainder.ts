import { remainder as remainderScalar } from "../../scalar/remainder.ts";
import { gpuFunction } from "../gpuFunction.ts";
import { numbers, type Operation } from "../operation.ts";

const gpuRemainder = gpuFunction(
  "remainderOf",
  ["x", "y"],
  `const q = Math.floor(x / y);
  const r = x - q * y;
  return r * y < 0 ? r + y : (Math.abs(r) < Math.abs(y) ? r : r - y);`,
);

/**
 * x mod y with the sign of y, a zero too; 0 for int32 mod 0.
 *
 *   x mod y = x − y·⌊x/y⌋
 *
 * For int32 the formula is exact in float64. For floats x/y may have more bits than a float holds: the host's exact `%`
 * answers, lane by lane.
 */
export const remainder: Operation = {
  arity: 2,
  type: numbers,
  scalar: remainderScalar,
  gpu: () => gpuRemainder,
  vector(lanes, [x, y], { dtype }) {
    if (dtype !== "int32") return lanes.float(dtype).host("remainder", [x, y]);
    // Division by 0 ends in NaN, and NaN in 0.
    return lanes.intInFloat64([x, y], (v, a, b) => v.nmadd(b, v.floor(v.div(a, b)), a));
  },
};

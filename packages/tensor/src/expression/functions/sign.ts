import { numbers, type Operation } from "../operation.ts";

/** −1, 0 or 1; keeps ±0 and NaN. */
export const sign: Operation = {
  arity: 1,
  type: numbers,
  gpu: ([x]) => `${x} > 0 ? 1 : (${x} < 0 ? -1 : ${x})`,
  js: ([x]) => `Math.sign(${x})`,
  vector(lanes, [x], { dtype }) {
    if (dtype === "int32") {
      const { int32 } = lanes;
      return int32.max(int32.min(x, int32.constant(1)), int32.constant(-1));
    }
    const v = lanes.float(dtype);
    return v.select(v.gt(v.abs(x), v.constant(0)), v.withSignOf(v.constant(1), x), x);
  },
};

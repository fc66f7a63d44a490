import type { FloatLanes } from "../../backends/wasm/vector/floatLanes.ts";
import { floatFunction, floats, numbers, type Operation } from "../operation.ts";
import { roundHalfEven } from "./roundHalfEven.ts";

/*
 * Functions that are one instruction: bit for bit the reference.
 */

type Method = "floor" | "ceil" | "nearest" | "sqrt";

const unary = (name: Method, scalar: (x: number) => number): Operation =>
  floatFunction(name, { arity: 1, scalar, wasm: (v: FloatLanes, x) => v[name](x) });

/** The larger or smaller of two, NaN if either is. */
const extremum = (name: "max" | "min"): Operation => ({
  arity: 2,
  type: numbers,
  js: ([x, y]) => `Math.${name}(${x}, ${y})`,
  wasm: (lanes, [x, y], { dtype }) => lanes.numbers(dtype)[name](x, y),
});

export const instructions = {
  floor: unary("floor", Math.floor),
  ceil: unary("ceil", Math.ceil),
  /** Halves to even. */
  nearest: unary("nearest", roundHalfEven),
  sqrt: unary("sqrt", Math.sqrt),
  max: extremum("max"),
  min: extremum("min"),
  abs: {
    arity: 1,
    type: numbers,
    js: ([x]) => `Math.abs(${x})`,
    wasm: (lanes, [x], { dtype }) => lanes.numbers(dtype).abs(x),
  },
  /** Neither NaN nor infinite. */
  isFinite: {
    arity: 1,
    type: (operands) => floats(operands) && "bool",
    js: ([x]) => `Number.isFinite(${x})`,
    wasm: (lanes, [x], { args: [{ dtype }] }) => {
      const v = lanes.float(dtype);
      return lanes.fromMaskOf(dtype, v.lt(v.abs(x), v.constant(Infinity)));
    },
  },
} as const satisfies Record<string, Operation>;

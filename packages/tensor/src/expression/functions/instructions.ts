import { roundHalfEven } from "../../scalar/roundHalfEven.ts";
import { gpuFunction } from "../gpuFunction.ts";
import { type FloatFunction, floatFunction, floats, numbers, type Operation } from "../operation.ts";

/*
 * Functions that are one instruction: bit for bit the reference.
 */

type Method = "floor" | "ceil" | "nearest" | "sqrt";

const unary = (name: Method, scalar: (x: number) => number, gpu: FloatFunction["gpu"]): Operation =>
  floatFunction(name, { arity: 1, scalar, gpu, vector: (v, x) => v[name](x) });

const gpuNearest = gpuFunction(
  "nearestOf",
  ["x"],
  `const low = Math.floor(x);
  const part = x - low;
  const half = Math.floor(low * 0.5);
  const even = low - 2 * half < 0.5 ? low : low + 1;
  return part < 0.5 ? low : (part > 0.5 ? low + 1 : even);`,
);

/** The larger or smaller of two, NaN if either is. */
const extremum = (name: "max" | "min"): Operation => ({
  arity: 2,
  type: numbers,
  js: ([x, y]) => `Math.${name}(${x}, ${y})`,
  gpu: ([x, y]) => `Math.${name}(${x}, ${y})`,
  vector: (lanes, [x, y], { dtype }) => lanes.numbers(dtype)[name](x, y),
});

export const instructions = {
  floor: unary("floor", Math.floor, (x) => `Math.floor(${x})`),
  ceil: unary("ceil", Math.ceil, (x) => `Math.ceil(${x})`),
  /** Halves to even. */
  nearest: unary("nearest", roundHalfEven, gpuNearest),
  sqrt: unary("sqrt", Math.sqrt, (x) => `Math.sqrt(${x})`),
  max: extremum("max"),
  min: extremum("min"),
  abs: {
    arity: 1,
    type: numbers,
    js: ([x]) => `Math.abs(${x})`,
    gpu: ([x]) => `Math.abs(${x})`,
    vector: (lanes, [x], { dtype }) => lanes.numbers(dtype).abs(x),
  },
  /** Neither NaN nor infinite. */
  isFinite: {
    arity: 1,
    type: (operands) => floats(operands) && "bool",
    js: ([x]) => `Number.isFinite(${x})`,
    gpu: ([x]) => `Math.abs(${x}) <= ${2 ** 128 - 2 ** 104} ? 1 : 0`,
    vector: (lanes, [x], { args: [{ dtype }] }) => {
      const v = lanes.float(dtype);
      return lanes.fromMaskOf(dtype, v.lt(v.abs(x), v.constant(Infinity)));
    },
  },
} as const satisfies Record<string, Operation>;

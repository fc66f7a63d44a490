import type { FloatLanes } from "./lanes/floatLanes.ts";
import { floats, numbers, type Operation, oneOf } from "./operation.ts";

type Method = "add" | "sub" | "mul" | "div" | "lt" | "le";

/** An operator between two operands of one dtype, as the vector arithmetic has it. */
const arithmetic = (sign: string, method: Method, type: Operation["type"]): Operation => ({
  arity: 2,
  type,
  js: ([x, y]) => `${x} ${sign} ${y}`,
  gpu: ([x, y]) => `${x} ${sign} ${y}`,
  vector: (lanes, [x, y], { dtype }) => (lanes.numbers(dtype) as FloatLanes<typeof x>)[method](x, y),
});

const comparison = (sign: string, method: "lt" | "le"): Operation => ({
  ...arithmetic(sign, method, () => undefined),
  type: (operands) => numbers(operands) && "bool",
  gpu: ([x, y]) => `${x} ${sign} ${y} ? 1 : 0`,
  vector: (lanes, [x, y], { args }) => lanes.fromMaskOf(args[0].dtype, lanes.numbers(args[0].dtype)[method](x, y)),
});

/** On a GPU of bools alone: their numbers are 0 and 1. */
const bitwise = (sign: string, gpu: (x: string, y: string) => string, method: "and" | "or" | "xor"): Operation => ({
  arity: 2,
  type: oneOf("int32", "bool"),
  js: ([x, y]) => `${x} ${sign} ${y}`,
  gpu: ([x, y]) => gpu(x, y),
  vector: ({ int32 }, [x, y]) => int32[method](x, y),
});

/**
 * 0 for a count outside [0, 32): hardware would shift by its last five bits. Shifts by a constant have a vector form, others go
 * lane by lane.
 */
const shift = (sign: string, method: "shiftLeft" | "shiftRight"): Operation => ({
  arity: 2,
  type: oneOf("int32"),
  js: ([x, y]) => `${y} >>> 0 < 32 ? ${x} ${sign} ${y} : 0`,
  vector({ int32 }, [x, y], { args: [, bits] }) {
    if (bits.op !== "constant") {
      const isInWord = int32.eq(int32.and(y, int32.constant(~31)), int32.constant(0));
      return int32.and(int32[`${method}By`](x, y), isInWord);
    }
    return bits.value! >>> 0 < 32 ? int32[method](x, bits.value!) : int32.constant(0);
  },
});

const any = oneOf("float64", "float32", "int32", "bool");

/** The operators of the expression language. */
export const operators = {
  add: arithmetic("+", "add", numbers),
  sub: arithmetic("-", "sub", numbers),
  mul: {
    ...arithmetic("*", "mul", numbers),
    js: ([x, y], { dtype }) => (dtype === "int32" ? `Math.imul(${x}, ${y})` : `${x} * ${y}`),
  },
  div: arithmetic("/", "div", floats),
  neg: {
    arity: 1,
    type: numbers,
    js: ([x]) => `-${x}`,
    gpu: ([x]) => `-${x}`,
    vector: (lanes, [x], { dtype }) => lanes.numbers(dtype).neg(x),
  },
  lt: comparison("<", "lt"),
  le: comparison("<=", "le"),
  eq: {
    arity: 2,
    type: (operands) => any(operands) && "bool",
    js: ([x, y]) => `${x} === ${y}`,
    gpu: ([x, y]) => `${x} === ${y} ? 1 : 0`,
    vector: (lanes, [x, y], { args: [{ dtype }] }) =>
      dtype === "bool"
        ? lanes.int32.not(lanes.int32.xor(x, y))
        : lanes.fromMaskOf(dtype, lanes.numbers(dtype).eq(x, y)),
  },
  and: bitwise("&", (x, y) => `${x} * ${y}`, "and"),
  or: bitwise("|", (x, y) => `Math.max(${x}, ${y})`, "or"),
  xor: bitwise("^", (x, y) => `Math.abs(${x} - ${y})`, "xor"),
  not: {
    arity: 1,
    type: oneOf("bool"),
    js: ([x]) => `1 - ${x}`,
    gpu: ([x]) => `1 - ${x}`,
    vector: ({ int32 }, [x]) => int32.not(x),
  },
  shl: shift("<<", "shiftLeft"),
  shrU: shift(">>>", "shiftRight"),
} as const satisfies Record<string, Operation>;

import { callOf, faultsOf, type MisuseTable, type ValidCall, withoutRow } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import * as api from "../src/index.ts";

const { key, tensor } = api;

const x = tensor([
  [1, 2],
  [3, 4],
]);
const v = tensor([1, 2]);
const i = tensor(
  [
    [1, 0],
    [1, 0],
  ],
  { dtype: "int32" },
);
const b = tensor([
  [true, false],
  [true, true],
]);
const program = api.trace((y: api.Tensor) => y.mul(2))(x);
const twice = (y: api.Tensor): api.Tensor => y.mul(2);

/** One valid call for each of some functions. */
const each = (names: string, args: readonly unknown[]): MisuseTable =>
  Object.fromEntries(names.split(" ").map((name) => [name, { args }]));

const table: MisuseTable = {
  ...each("abs atan ceil cos cosh erf erfInv exp expm1 floor isFinite isNaN log log1p logSigmoid neg normalCdf", [x]),
  ...each("ravel reciprocal relu round rsqrt sigmoid sign silu sin sinh softplus sqrt square tan tanh", [x]),
  ...each("add sub mul div pow remainder maximum minimum less lessEqual greater greaterEqual equal notEqual matmul", [
    x,
    x,
  ]),
  ...each("sum mean prod max min norm squaredNorm logSumExp", [x, 0, { keepDims: true }]),
  ...each("std variance", [x, 0, { keepDims: true, ddof: 1 }]),
  ...each("argmax argmin softmax logSoftmax flip argsort sort", [x, 0]),
  ...each("all any", [b, 0, { keepDims: true }]),
  ...each("and or", [b, b]),
  ...each("bitAnd bitXor shiftLeft shiftRight", [i, i]),
  ...each("dot outer", [v, v]),
  ...each("named", [x, "x"]),
  grouped: { args: ["network", () => x] },
  ...each("key", [0]),
  ...each("keys split", [key(0), 2]),
  ...each("uniform", [key(0), [2], { min: 0, max: 1, dtype: "float32" }]),
  ...each("zeros ones", [[2], { dtype: "int32" }]),
  ...each("zerosLike onesLike formatNpy", [x]),
  ...each("printProgram", [program, {}]),
  ...each("programToJson checkProgram plan simplify mergeEqual dropUnused constantsOf programNames", [program]),
  ...each("parseIdx parseIdxHeader", [Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 7), {}]),
  ...each("parseNpy parseNpyHeader", [api.formatNpy(x), {}]),
  conv: {
    args: [
      x.reshape([1, 2, 2, 1]),
      x.reshape([2, 2, 1, 1]),
      {
        stride: 1,
        padding: [
          [1, 1],
          [0, 0],
        ],
        dilation: [1, 1],
      },
    ],
  },
  cumsum: { args: [x, 0, { reverse: true }] },
  not: { args: [b] },
  gelu: { args: [x, { approximate: true }] },
  clip: { args: [x, 0, 1] },
  lerp: { args: [x, x, 0.5] },
  integerPow: { args: [x, 2] },
  where: { args: [b, x, x] },
  transpose: { args: [x, [1, 0]] },
  tril: { args: [x, 0] },
  triu: { args: [x, 0] },
  broadcastTo: { args: [x, [3, 2, 2]] },
  expandDims: { args: [x, 0] },
  moveAxis: { args: [x, 0, 1] },
  pad: {
    args: [
      x,
      [
        [1, 1],
        [0, 0],
      ],
    ],
  },
  reshape: { args: [x, [4]] },
  slice: { args: [x, 0, [0, 1]] },
  "split, of an array": { args: [x, [1, 1], 0], f: api.ops.split },
  squeeze: { args: [x.reshape([1, 4]), 0] },
  swapAxes: { args: [x, 0, 1] },
  tile: { args: [x, 2, 0] },
  concat: { args: [[x, x], 0] },
  stack: { args: [[x, x], 0] },
  iota: { args: [[2, 2], 0, "int32"] },
  gather: { args: [x, i, { batchAxes: 1 }] },
  scatterAdd: { args: [x, tensor([0, 1], { dtype: "int32" }), 2, { batchAxes: 0 }] },
  take: { args: [x, i, 0] },
  oneHot: { args: [i, 3, "float64"] },
  einsum: { args: ["ij,jk->ik", x, x] },
  cast: { args: [x, "float32"] },
  arange: { args: [0, 3, 1, { dtype: "int32" }] },
  linspace: { args: [0, 1, 3, { dtype: "float32" }] },
  eye: { args: [2, 3, { dtype: "float32", k: 0 }] },
  tri: { args: [2, 3, { k: 0 }] },
  full: { args: [[2], 1, { dtype: "int32" }] },
  fullLike: { args: [x, 2] },
  tensor: { args: [[[1, 2]], { dtype: "float32", shape: [2] }], unread: ["0.0.0", "0.0"] },
  fromData: { args: [Float64Array.of(1, 2), [2]] },
  foldIn: { args: [key(0), 1] },
  bits: { args: [key(0), [2]] },
  normal: { args: [key(0), [2], { dtype: "float32" }] },
  bernoulli: { args: [key(0), 0.5, [2]] },
  randint: { args: [key(0), [2], 0, 3] },
  "permutation, of a count": { args: [key(0), 3] },
  permutation: { args: [key(0), x] },
  asTensor: { args: [1] },
  compile: { args: [twice, { backend: "reference" }], use: (f) => f(x) },
  trace: { args: [twice, { names: ["x"] }], use: (f) => f(x) },
  interpret: { args: [program, [x]] },
  treeMap: { args: [(leaf: api.Leaf) => leaf, { a: x }], unread: ["1"] },
  treeLeaves: { args: [{ a: x }], unread: ["0"] },
  flatten: { args: [{ a: x }], unread: ["0"] },
  registerTreeClass: { args: [class {}, { flatten: () => ({ children: [], aux: 0 }), unflatten: () => ({}) }] },
  formatCsv: { args: [x, ["a", "b"]] },
  parseCsv: { args: ["a,b\n1,2\n3,4", {}] },
  formatSafetensors: { args: [{ a: x }, { note: "text" }] },
  parseSafetensors: { args: [api.formatSafetensors({ a: x }), {}] },
};

/** Called by the framework and by extensions of it with what the framework has checked. */
const engine = (
  "allocate bind broadcastShapes bytesPerElement call callerLine checkStructure checkSync currentGroup currentInterpreter currentLabel " +
  "decimalOf defaultBackend devices dtypeOfArray epsilonOf evaluate formatShape inWords inGroup isEager isFloat jsonDepth labelled leavesAlong " +
  "knownName makeGpujs mustBe normalizeAxes normalizeAxis optionsOf primitiveOf promote quote ready sameShape shorten sizeOf stridesOf structureKey " +
  "traceFlat typeOf under unflatten weakScalar closestNames didYouMean mustBeOneOf countUnnamed describeColumns placeOfColumn " +
  "placesOfColumns separatorOf openNpz parseNpz"
).split(" ");

describe("arguments that TypeScript would refuse", () => {
  it("are tried for every exported function: a new one needs a row, or stands among those of the engine", () => {
    expect(withoutRow(api, table, engine)).toEqual([]);
  });

  it.each(Object.entries(table))("%s takes its valid call", (name, row: ValidCall) => {
    expect(() => callOf(api, name, row)(...row.args)).not.toThrow();
  });

  it.each(Object.entries(table))("%s refuses them by an error that is the framework's", (name, row: ValidCall) => {
    expect(faultsOf(api, name, row)).toEqual([]);
  });

  it("finds what is accepted, and errors of JavaScript", () => {
    const careless = (a: { readonly b: number }): number => a.b;
    const found = faultsOf({ careless }, "careless", { args: [{ b: 1 }] });
    expect(found).toContain("careless: argument 0.b = text: accepted");
    expect(found).toContain("careless: argument 0 = null: TypeError: Cannot read properties of null (reading 'b')");
    expect(withoutRow({ careless, Class: class {} }, {}, [])).toEqual(["careless"]);
  });

  it("are named with the operation, the argument and what came", () => {
    expect(() => api.zeros(3 as never)).toThrow("zeros: the shape must be an array of sizes, got 3; use [3]");
    expect(() => x.sum("0" as never)).toThrow('sum: axes must be a number or an array of numbers, got "0"');
    expect(() => x.sum(0, { keepDims: "no" as never })).toThrow(
      'sum: keepDims must be true or false, got the text "no"',
    );
    expect(() => x.std(0, null as never)).toThrow("std: the options must be an object, got null");
    expect(() => api.concat(x as never)).toThrow("concat: xs must be a list, got [2, 2]");
    expect(() => api.plan(twice as never)).toThrow(
      "plan: needs a program, got a function; make one with trace(f)(...args)",
    );
    expect(() => api.add(Promise.resolve(x) as never, 1)).toThrow("got a Promise; await it first");
  });
});

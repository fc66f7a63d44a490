import * as t from "@pushforward/tensor";

type Tensor = t.Tensor;

/** What was decided for a function at a point where its derivative, or its formula, is in doubt. */
export interface SingularPoint {
  /** The function and the point, as the table prints them. */
  readonly formula: string;
  readonly point: string;
  readonly f: (x: Tensor) => Tensor;
  readonly x: number | readonly number[];
  readonly value: number;
  /** The gradient, and the Hessian row by row; numbers as the table prints them where they differ from their digits. */
  readonly first: number | readonly number[];
  readonly second: number | readonly number[];
  /** The gradient by reverse mode, where it differs. */
  readonly reverse?: number;
  readonly printed?: { readonly value?: string; readonly first?: string; readonly second?: string };
  readonly why: string;
}

const inf = Number.POSITIVE_INFINITY;
const nan = Number.NaN;
const two = t.tensor([1, 10]);

/** Rows of one function at several points. */
const rows = (
  formula: string,
  f: (x: Tensor) => Tensor,
  why: string,
  points: readonly (readonly [
    x: number,
    value: number,
    first: number,
    second: number,
    printed?: SingularPoint["printed"],
  ])[],
): SingularPoint[] =>
  points.map(([x, value, first, second, printed]) => ({
    ...{ formula, f, why, x, value, first, second, printed },
    point: `x = ${String(x).replace("-", "−").replace("Infinity", "∞")}`,
  }));

/** A root of squares where all of them are 0: a gradient, but no second derivative. */
const roots = (
  formula: string,
  point: string,
  x: readonly number[],
  f: (x: Tensor) => Tensor,
  value: number,
  why: string,
): SingularPoint[] => [
  {
    ...{ formula, point: `x = ${point}`, x, f, value, why, first: x.map(() => 0) },
    ...{ second: x.flatMap(() => x.map(() => nan)), printed: { first: "(0, 0)", second: "NaN" } },
  },
];

/** x₁ − x₂ as a vector of one element, and a kernel of its square. */
const gap = (x: Tensor): Tensor => x.slice([0, 1]).sub(x.slice([1, 2]));
const kernel = (squared: Tensor): Tensor => t.exp(t.neg(squared));

const stable = "written so that nothing overflows; underflow gives the limit";

/** Every singular point with its decision: the table of docs/singularPoints.md, and its tests. */
export const singularPoints: readonly SingularPoint[] = [
  ...rows("abs(x)", t.abs, "the middle of [−1, 1]", [[0, 0, 0, 0]]),
  ...rows("sign(x)", t.sign, "constant on both sides", [[0, 0, 0, 0]]),
  ...rows("floor(x)", t.floor, "constant on both sides", [[1, 1, 0, 0]]),
  ...rows("ceil(x)", t.ceil, "constant on both sides", [[1, 1, 0, 0]]),
  ...rows("round(x)", t.round, "constant on both sides; halves go to the even number", [[0.5, 0, 0, 0]]),
  ...rows("maximum(x, 0), relu(x)", t.relu, "a tie is shared equally", [[0, 0, 0.5, 0, { first: "½" }]]),
  ...rows("minimum(x, 0)", (x) => t.minimum(x, 0), "a tie is shared equally", [[0, 0, 0.5, 0, { first: "½" }]]),
  ...rows("clip(x, −1, 1)", (x) => t.clip(x, -1, 1), "a bound is a tie", [
    [-1, -1, 0.5, 0, { first: "½" }],
    [1, 1, 0.5, 0, { first: "½" }],
  ]),
  {
    ...{ formula: "max(x)", point: "x = (3, 3, 1)", f: (x) => t.max(x), x: [3, 3, 1], value: 3 },
    ...{ first: [0.5, 0.5, 0], second: [0, 0, 0, 0, 0, 0, 0, 0, 0], why: "ties share equally" },
    printed: { first: "(½, ½, 0)", second: "0" },
  },
  {
    ...{ formula: "min(x)", point: "x = (2, 2, 2)", f: (x) => t.min(x), x: [2, 2, 2], value: 2 },
    ...{ first: [1 / 3, 1 / 3, 1 / 3], second: [0, 0, 0, 0, 0, 0, 0, 0, 0], why: "ties share equally" },
    printed: { first: "(⅓, ⅓, ⅓)", second: "0" },
  },
  {
    ...{ formula: "1·s₁ + 10·s₂, s = sort(x)", point: "x = (1, 1)", f: (x) => t.sort(x).mul(two).sum(), x: [1, 1] },
    ...{ value: 11, first: [1, 10], second: [0, 0, 0, 0], why: "the order is stable: each element keeps its place" },
    printed: { first: "(1, 10)", second: "0" },
  },
  ...rows("pow(x, 2)", (x) => t.pow(x, 2), "a whole exponent is integerPow: 2x, then 2", [[0, 0, 0, 2]]),
  ...rows("pow(x, y), y = 2 a tensor", (x) => t.pow(x, t.tensor(2)), "y·xʸ⁻¹, then y·(y−1)·xʸ⁻²", [[0, 0, 0, 2]]),
  ...rows("pow(x, y), y = 1 a tensor", (x) => t.pow(x, t.tensor(1)), "1, then y·(y−1) = 0 before x⁻¹", [[0, 0, 1, 0]]),
  ...rows("pow(x, y), y = 0 a tensor", (x) => t.pow(x, t.tensor(0)), "x⁰ = 1 everywhere", [
    [0, 1, 0, 0],
    [2, 1, 0, 0],
  ]),
  ...rows("pow(0, x)", (x) => t.pow(t.tensor(0), x), "0 for x > 0; the jump at 0 is left out, and with it log 0", [
    [0, 1, 0, 0],
    [2, 0, 0, 0],
  ]),
  ...rows("pow(x, ½)", (x) => t.pow(x, 0.5), "as sqrt", [[0, 0, inf, -inf, { first: "∞", second: "−∞" }]]),
  ...rows("sqrt(x)", t.sqrt, "the limits; times 0 they are NaN, norm and std are guarded", [
    [0, 0, inf, -inf, { first: "∞", second: "−∞" }],
  ]),
  ...rows("log(x)", t.log, "the limits from the right", [
    [0, -inf, inf, -inf, { value: "−∞", first: "∞", second: "−∞" }],
  ]),
  ...rows("1/x", t.reciprocal, "the limits from the right", [
    [0, inf, -inf, inf, { value: "∞", first: "−∞", second: "∞" }],
  ]),
  ...roots("norm(x)", "(0, 0)", [0, 0], (x) => t.norm(x), 0, "the middle of the unit ball; its curvature has no bound"),
  ...roots(
    "norm(x)²",
    "(0, 0)",
    [0, 0],
    (x) => t.square(t.norm(x)),
    0,
    "0 times what norm does not have: use squaredNorm",
  ),
  {
    ...{ formula: "squaredNorm(x)", point: "x = (0, 0)", f: (x) => t.squaredNorm(x), x: [0, 0], value: 0 },
    ...{ first: [0, 0], second: [2, 0, 0, 2], why: "Σ x²" },
    printed: { first: "(0, 0)", second: "(2, 0; 0, 2)" },
  },
  ...roots("std(x)", "(1, 1)", [1, 1], (x) => t.std(x), 0, "as norm"),
  ...roots("std(x)²", "(1, 1)", [1, 1], (x) => t.square(t.std(x)), 0, "as norm(x)²: use variance"),
  {
    ...{ formula: "variance(x)", point: "x = (1, 1)", f: (x) => t.variance(x), x: [1, 1], value: 0, first: [0, 0] },
    ...{ second: [0.5, -0.5, -0.5, 0.5], why: "the mean of squares" },
    printed: { first: "(0, 0)", second: "(½, −½; −½, ½)" },
  },
  ...roots("exp(−norm(x₁ − x₂)²)", "(1, 1)", [1, 1], (x) => kernel(t.square(t.norm(gap(x)))), 1, "as norm(x)²"),
  {
    ...{ formula: "exp(−squaredNorm(x₁ − x₂))", point: "x = (1, 1)", f: (x) => kernel(t.squaredNorm(gap(x))) },
    ...{ x: [1, 1], value: 1, first: [0, 0], second: [-2, 2, 2, -2], why: "a kernel of squares is smooth" },
    printed: { first: "(0, 0)", second: "(−2, 2; 2, −2)" },
  },
  {
    ...{ formula: "prod(x)", point: "x = (0, 2, 3)", f: (x) => t.prod(x), x: [0, 2, 3], value: 0, first: [6, 0, 0] },
    ...{ second: [0, 3, 2, 3, 0, 0, 2, 0, 0], why: "a tree of products: never out/x" },
    printed: { first: "(6, 0, 0)", second: "(0, 3, 2; 3, 0, 0; 2, 0, 0)" },
  },
  {
    ...{ formula: "prod(x)", point: "x = (0, 0, 3)", f: (x) => t.prod(x), x: [0, 0, 3], value: 0, first: [0, 0, 0] },
    ...{ second: [0, 3, 0, 3, 0, 0, 0, 0, 0], why: "a tree of products: never out/x" },
    printed: { first: "(0, 0, 0)", second: "(0, 3, 0; 3, 0, 0; 0, 0, 0)" },
  },
  ...rows(
    "where(x > 0, sqrt(x), 0)",
    (x) => t.where(t.greater(x, 0), t.sqrt(x), 0),
    "reverse mode makes 0·∞: guard the argument",
    [[0, 0, 0, nan, { first: "0, by reverse mode NaN", second: "NaN" }]],
  ).map((row) => ({ ...row, reverse: nan })),
  ...rows(
    "where(x > 0, sqrt(where(x > 0, x, 1)), 0)",
    (x) => t.where(t.greater(x, 0), t.sqrt(t.where(t.greater(x, 0), x, 1)), 0),
    "the guard: the root never sees 0",
    [[0, 0, 0, 0]],
  ),
  ...rows("sinh(x)", t.sinh, "(eˣ + e⁻ˣ)/2 = 1", [[0, 0, 1, 0]]),
  ...rows("softplus(x)", t.softplus, stable, [
    [-800, 0, 0, 0],
    [0, Math.LN2, 0.5, 0.25, { value: "log 2", first: "½", second: "¼" }],
    [800, 800, 1, 0],
  ]),
  ...rows("logSigmoid(x)", t.logSigmoid, stable, [
    [-800, -800, 1, 0],
    [0, -Math.LN2, 0.5, -0.25, { value: "−log 2", first: "½", second: "−¼" }],
    [800, 0, 0, 0],
  ]),
  ...rows("sigmoid(x)", t.sigmoid, stable, [
    [-inf, 0, 0, 0],
    [-800, 0, 0, 0],
    [800, 1, 0, 0],
  ]),
  ...rows("silu(x)", t.silu, stable, [
    [-inf, 0, 0, 0],
    [-800, 0, 0, 0],
    [0, 0, 0.5, 0.5, { first: "½", second: "½" }],
    [800, 800, 1, 0],
  ]),
  ...rows("tanh(x)", t.tanh, stable, [
    [-800, -1, 0, 0],
    [800, 1, 0, 0],
  ]),
  ...rows("erf(x)", t.erf, stable, [
    [-inf, -1, 0, 0],
    [-800, -1, 0, 0],
    [800, 1, 0, 0],
    [1e308, 1, 0, 0],
  ]),
  ...rows("normalCdf(x)", t.normalCdf, stable, [
    [-inf, 0, 0, 0],
    [-1e308, 0, 0, 0],
    [inf, 1, 0, 0],
  ]),
  ...rows("gelu(x)", t.gelu, stable, [
    [-inf, 0, 0, 0],
    [-800, 0, 0, 0],
    [800, 800, 1, 0],
  ]),
  ...rows("gelu(x), approximate", (x) => t.gelu(x, { approximate: true }), stable, [
    [-inf, 0, 0, 0],
    [-800, 0, 0, 0],
    [800, 800, 1, 0],
  ]),
  {
    ...{ formula: "logSumExp(x)", point: "x = (0, −∞)", f: (x) => t.logSumExp(x), x: [0, -inf], value: 0 },
    ...{ first: [1, 0], second: [0, 0, 0, 0], why: "softmax gives −∞ the weight 0" },
    printed: { first: "(1, 0)", second: "0" },
  },
  {
    ...{ formula: "logSumExp(x)", point: "x = (−∞, −∞)", f: (x) => t.logSumExp(x), x: [-inf, -inf], value: -inf },
    ...{ first: [nan, nan], second: [nan, nan, nan, nan], why: "the weights are 0/0" },
    printed: { value: "−∞", first: "(NaN, NaN)", second: "NaN" },
  },
  {
    ...{ formula: "logSumExp(x)", point: "x = (800, 0)", f: (x) => t.logSumExp(x), x: [800, 0], value: 800 },
    ...{ first: [1, 0], second: [0, 0, 0, 0], why: "the largest is taken out first" },
    printed: { first: "(1, 0)", second: "0" },
  },
];

const minus = (text: string): string => text.replaceAll("-", "−");

/** The table as the documentation prints it. */
export function singularPointTable(): string {
  const cells = ({ formula, point, value, first, second, printed = {}, why }: SingularPoint): string[] => [
    formula,
    point,
    printed.value ?? minus(String(value)),
    printed.first ?? minus(String(first)),
    printed.second ?? minus(String(second)),
    why,
  ];
  const row = (texts: readonly string[]): string => `| ${texts.join(" | ")} |`;
  const head = ["function", "at", "value", "first derivative", "second derivative", "because"];
  return [row(head), `|${head.map(() => "---|").join("")}`, ...singularPoints.map((point) => row(cells(point)))].join(
    "\n",
  );
}

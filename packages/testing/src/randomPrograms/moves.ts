import {
  bind,
  concat,
  type DenseTensor,
  iota,
  logSumExp,
  noParams,
  primitives,
  softmax,
  stack,
  type Tensor,
  tensor,
  where,
} from "@pushforward/tensor";
import { type Kind, type Move, onOne, onTwo, type Pick } from "./move.ts";

const isNotEmpty = (x: DenseTensor): boolean => x.size > 0;
const hasAxis = (x: DenseTensor): boolean => x.rank > 0;
const hasElements = (x: DenseTensor): boolean => x.rank > 0 && x.size > 0;
const isSmall = (x: DenseTensor, small: number): boolean => x.size <= small && x.rank <= 3;

const smooth = (name: string, f: (x: Tensor) => Tensor): Move => onOne(name, "smooth", f);
const axisOf = (x: Tensor, pick: Pick): number => pick(x.rank);
const someAxes = (x: Tensor, pick: Pick): number[] => x.shape.map((_, axis) => axis).filter(() => pick(2) === 1);

/** The axes in random order. */
function shuffled(n: number, pick: Pick): number[] {
  const left = Array.from({ length: n }, (_, axis) => axis);
  return Array.from({ length: n }, () => left.splice(pick(left.length), 1)[0]);
}

/** 0.5 + x²: at least ½, so that roots, logarithms and quotients of it are smooth. */
const positive = (x: Tensor): Tensor => x.mul(x).add(0.5);

/** Functions of each element, wrapped so that every real number is in their domain. */
const elementwise: readonly Move[] = [
  smooth("sin", (x) => x.sin()),
  smooth("cos", (x) => x.cos()),
  smooth("tanh", (x) => x.tanh()),
  smooth("sigmoid", (x) => x.sigmoid()),
  smooth("atan", (x) => x.atan()),
  smooth("erf", (x) => x.erf()),
  smooth("normalCdf", (x) => x.normalCdf()),
  smooth("neg", (x) => x.neg()),
  smooth("exp", (x) => x.sin().exp()),
  smooth("expm1", (x) => x.tanh().expm1()),
  smooth("log", (x) => positive(x).log()),
  smooth("log1p", (x) => x.mul(x).log1p()),
  smooth("sqrt", (x) => positive(x).sqrt()),
  smooth("rsqrt", (x) => positive(x).rsqrt()),
  smooth("erfInv", (x) => x.sin().mul(0.5).erfInv()),
  smooth("square", (x) => x.square()),
  smooth("silu", (x) => x.silu()),
  smooth("gelu", (x) => x.gelu()),
  smooth("softplus", (x) => x.softplus()),
  onOne("integerPow", "smooth", (x, pick) => positive(x).integerPow(pick(6) - 2)),
  onTwo("add", "smooth", (x, y) => x.add(y)),
  onTwo("sub", "smooth", (x, y) => x.sub(y)),
  onTwo("mul", "smooth", (x, y) => x.mul(y)),
  onTwo("div", "smooth", (x, y) => x.div(positive(y))),
  onTwo("pow", "smooth", (x, y) => positive(x).pow(y.sin())),
  onTwo("where", "smooth", (x, y) => {
    const shape = x.add(y).shape;
    const mask = iota([shape.reduce((n, m) => n * m, 1)])
      .remainder(2)
      .equal(0);
    return where(mask.reshape(shape), x, y);
  }),
];

const structural: readonly Move[] = [
  onOne("ravel", "smooth", (x) => x.ravel()),
  onOne("expandDims", "smooth", (x, pick) => x.expandDims(pick(x.rank + 1)), isSmall),
  onOne("transpose", "smooth", (x, pick) => x.transpose(shuffled(x.rank, pick))),
  onOne("slice", "smooth", (x, pick) =>
    x.slice(...x.shape.map((n): [number, number, number] => [pick(2) % Math.max(1, n), n, 1 + pick(2)])),
  ),
  onOne("pad", "smooth", (x, pick) => x.pad(x.shape.map(() => [pick(2), pick(2)] as const)), isSmall),
  onOne("flip", "smooth", (x, pick) => x.flip(someAxes(x, pick))),
  onOne(
    "concat",
    "smooth",
    (x, pick) => concat([x, x.mul(0.5)], axisOf(x, pick)),
    (x, small) => hasAxis(x) && isSmall(x, small),
  ),
  onOne("stack", "smooth", (x, pick) => stack([x, x.sin()], pick(x.rank + 1)), isSmall),
  onOne("broadcastTo", "smooth", (x, pick) => x.broadcastTo([1 + pick(3), ...x.shape]), isSmall),
  onOne(
    "gather",
    "smooth",
    (x, pick) => {
      const n = x.shape[0];
      return x.gather(tensor([pick(n), pick(n), pick(n)], { dtype: "int32" }));
    },
    (x, small) => hasElements(x) && isSmall(x, small),
  ),
  onOne(
    "scatterAdd",
    "smooth",
    (x, pick) => {
      const indices = tensor(Int32Array.from({ length: x.shape[0] }, () => pick(3)));
      return x.scatterAdd(indices, 3);
    },
    (x, small) => hasAxis(x) && isSmall(x, small),
  ),
];

/** Rows and all other axes as a picture, and a part of it as the kernel. */
function convolve(x: Tensor, pick: Pick): Tensor {
  const picture = x.reshape([1, x.shape[0], -1, 1]);
  const kernel = picture.sin().reshape(picture.shape.slice(1)).slice([0, 2], [0, 2]).expandDims(3);
  const stride = 1 + pick(2);
  return picture.conv(kernel, { stride, dilation: 1 + pick(2) }).ravel();
}

const reductions: readonly Move[] = [
  onOne("sum", "smooth", (x, pick) => x.sum(someAxes(x, pick))),
  onOne("mean", "smooth", (x, pick) => x.mean(someAxes(x, pick), { keepDims: pick(2) === 1 }), isNotEmpty),
  onOne("cumsum", "smooth", (x, pick) => x.cumsum(axisOf(x, pick), { reverse: pick(2) === 1 }), hasAxis),
  onOne("softmax", "smooth", (x, pick) => softmax(x, axisOf(x, pick)), hasElements),
  onOne("logSumExp", "smooth", (x, pick) => logSumExp(x, someAxes(x, pick)), isNotEmpty),
  onOne(
    "matmul",
    "smooth",
    (x) => x.matmul(x.swapAxes(-1, -2).sin()),
    (x, small) => x.rank >= 2 && isSmall(x, small),
  ),
  onOne("conv", "smooth", convolve, (x, small) => x.rank >= 2 && hasElements(x) && isSmall(x, small)),
  {
    name: "matmul",
    kind: "smooth",
    make(pool) {
      const pairs = pool.flatMap((x, a) =>
        pool.flatMap((y, b) => (x.rank >= 2 && y.rank === 2 && x.shape.at(-1) === y.shape[0] ? [[a, b]] : [])),
      );
      return pairs.length === 0 ? undefined : { operands: pairs[0], apply: (x, y) => x.matmul(y) };
    },
  },
];

const kinky: readonly Move[] = [
  onOne("abs", "kinky", (x) => x.abs()),
  onOne("relu", "kinky", (x) => x.relu()),
  onOne("floor", "kinky", (x) => x.floor()),
  onOne("ceil", "kinky", (x) => x.ceil()),
  onOne("round", "kinky", (x) => x.round()),
  onOne("sign", "kinky", (x) => x.sign()),
  onOne("max", "kinky", (x, pick) => x.max(someAxes(x, pick)), isNotEmpty),
  onOne("min", "kinky", (x, pick) => x.min(someAxes(x, pick)), isNotEmpty),
  onOne("sort", "kinky", (x, pick) => x.sort(axisOf(x, pick)), hasElements),
  onTwo("maximum", "kinky", (x, y) => x.maximum(y)),
  onTwo("minimum", "kinky", (x, y) => x.minimum(y)),
  onTwo("remainder", "kinky", (x, y) => x.remainder(positive(y))),
  onTwo("less", "kinky", (x, y) => where(x.less(y), x, y)),
];

/** Through int32 and bool and back, so that a program of floats meets every primitive. */
const discrete: readonly Move[] = [
  onOne("argmax", "discrete", (x, pick) => back(x.argmax(axisOf(x, pick)), x), hasElements),
  onOne("argsort", "discrete", (x, pick) => back(x.argsort(axisOf(x, pick)), x), hasAxis),
  onOne("isFinite", "discrete", (x) =>
    back(
      x
        .isFinite()
        .not()
        .or(x.lessEqual(0).and(x.equal(x))),
      x,
    ),
  ),
  onOne("bits", "discrete", (x) => {
    const n = x.mul(8).cast("int32");
    return back(n.bitXor(5).bitAnd(1023).shiftLeft(2).shiftRight(1), x).mul(2 ** -12);
  }),
  onOne("threefry", "discrete", (x) => {
    const n = x.mul(8).cast("int32");
    const word = bind(primitives.threefry, [n, n, n, n], { word: 1 });
    return bind(primitives.unitFromBits, [word, word], { dtype: x.dtype as "float64" });
  }),
];

const back = (n: Tensor, like: Tensor): Tensor => n.cast(like.dtype);

const identity = (name: "stopGradient" | "stopTangent" | "stopCotangent"): Move =>
  onOne(name, "stop", (x) => bind(primitives[name], [x], { label: "cut" }));

const stops: readonly Move[] = [
  identity("stopGradient"),
  identity("stopTangent"),
  identity("stopCotangent"),
  onOne("barrier", "stop", (x) => bind(primitives.barrier, [x], noParams)),
];

/** Every move. */
export const moves: readonly Move[] = [...elementwise, ...structural, ...reductions, ...kinky, ...discrete, ...stops];

/** The moves of some kinds. */
export const movesOf = (kinds: readonly Kind[]): readonly Move[] => moves.filter((move) => kinds.includes(move.kind));

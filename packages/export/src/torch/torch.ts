import { tupleOf } from "../python/expression.ts";
import { takesNumbers } from "../python/rows.ts";
import type { LossParameters, Target } from "../target.ts";
import { torchHelpers } from "./helpers.ts";
import { torchLoops } from "./loops.ts";
import { torchDType, torchFullLike, torchTable } from "./table.ts";

/** Lines that define `normalize` for a batch, in two passes: vmap of PyTorch has no sums over its axis. */
const normalizeLines = ({ functions, arrays, shared }: LossParameters): string[] => [
  "    # vmap has no mean over its axis: a first pass collects the weights of the batch.",
  `    def weight_of(${arrays.join(", ")}):`,
  "        seen = []",
  "        normalize = lambda w: seen.append(w) or w",
  `        loss(${[...functions, ...arrays, ...shared].join(", ")})`,
  "        (weight,) = seen",
  "        return weight",
  "",
  `    mean_weight = torch.mean(torch.func.vmap(weight_of)(${arrays.join(", ")}))`,
  "    normalize = lambda w: w / mean_weight",
];

/** PyTorch, by the function transforms of torch.func. */
export const torch: Target = {
  title: "PyTorch",
  module: "torch",
  imports: ["import torch"],
  reserved: ["torch"],
  rows: torchTable,
  takesNumbers,
  helpers: torchHelpers,
  // PyTorch computes in the dtype of its arrays: nothing has to be switched on for float64.
  check: (dtype) =>
    dtype === "float64"
      ? []
      : [
          'if torch.get_float32_matmul_precision() != "highest":',
          "    raise RuntimeError('this file multiplies float32 in full precision; first call torch.set_float32_matmul_precision(\"highest\")')",
        ],
  inFloatOf: (line, like) =>
    line
      .replaceAll(`dtype=${torchDType.float64}`, `dtype=${like}.dtype, device=${like}.device`)
      .replaceAll(torchDType.float64, `${like}.dtype`),
  full: (shape, number, dtype) => `torch.full(${tupleOf(shape)}, ${number}, dtype=${torchDType[dtype]})`,
  fullAs: (like, shape, number) => `${like}.new_full(${tupleOf(shape)}, ${number})`,
  array: (values, dtype) => `torch.tensor(${values}, dtype=${torchDType[dtype]})`,
  fullLike: torchFullLike,
  broadcastLike: (x, like) => `torch.broadcast_to(${x}, ${like}.shape)`,
  sizeOf: (x) => `${x}.numel()`,
  jvp: (f, primals, tangents) => `torch.func.jvp(${f}, ${primals}, ${tangents})`,
  vmap: "torch.func.vmap",
  grad: "torch.func.grad",
  mappedAxes: "in_dims",
  mean: "torch.mean",
  enableFloat64: [],
  fromNumpy: (x) => `torch.tensor(${x})`,
  loops: torchLoops,
  valueAndGrad: (f, count, args) =>
    `torch.func.grad_and_value(${f}, argnums=${tupleOf(Array.from({ length: count }, (_, i) => i))})(${args})[::-1]`,
  batchLoss(parameters) {
    const { functions, arrays, shared } = parameters;
    const own = [...functions.filter((f) => f !== "normalize"), ...arrays, ...shared];
    return [
      `def batch_loss(${own.join(", ")}):`,
      ...(functions.includes("normalize") ? normalizeLines(parameters) : []),
      `    one = lambda ${arrays.join(", ")}: loss(${[...functions, ...arrays, ...shared].join(", ")})`,
      `    return torch.mean(torch.func.vmap(one)(${arrays.join(", ")}))`,
    ];
  },
};

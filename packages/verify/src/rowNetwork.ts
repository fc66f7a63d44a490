import type { AverageVelocity, Bijection, VelocityField } from "@pushforward/flows";
import { chain, couplingLayer } from "@pushforward/flows";
import { add, broadcastTo, concat, expandDims, matmul, mul, squeeze, type Tensor, tanh } from "@pushforward/tensor";
import type { Draws } from "./draws.ts";

/** Parameters of n small networks, one per row: hidden = tanh(x·W + b), out = hidden·A + c. */
export interface RowParameters {
  /** W, [n, inputs, hidden] */
  readonly W: Tensor;
  /** b, [n, hidden] */
  readonly b: Tensor;
  /** A, [n, hidden, outputs] */
  readonly A: Tensor;
  /** c, [n, outputs] */
  readonly c: Tensor;
}

/** Sizes of row networks. */
export interface RowNetworkOptions {
  readonly inputs: number;
  readonly outputs: number;
  /** Default 5. */
  readonly hidden?: number;
  /** Size of the outputs. Default 1.5. */
  readonly gain?: number;
  readonly dtype?: "float64" | "float32";
}

/** n networks with random weights: every row of a batch is a separate instance with its own parameters. */
export function rowParameters(draws: Draws, n: number, options: RowNetworkOptions): RowParameters {
  const { inputs, outputs, hidden = 5, gain = 1.5, dtype = "float64" } = options;
  return {
    W: mul(1 / Math.sqrt(inputs), draws.normal([n, inputs, hidden], dtype)),
    b: mul(0.5, draws.normal([n, hidden], dtype)),
    A: mul(gain / Math.sqrt(hidden), draws.normal([n, hidden, outputs], dtype)),
    c: mul(0.5, draws.normal([n, outputs], dtype)),
  };
}

/** x·W row by row: [n, k] × [n, k, m] → [n, m]. */
const times = (x: Tensor, W: Tensor): Tensor => squeeze(matmul(expandDims(x, 1), W), 1);

/** Each row through its own network, [n, inputs] → [n, outputs]. */
export const applyRows = ({ W, b, A, c }: RowParameters, x: Tensor): Tensor =>
  add(times(tanh(add(times(x, W), b)), A), c);

/** A time as a column [n, 1]. */
const column = (time: Tensor, x: Tensor): Tensor => broadcastTo(time, [x.shape[0], 1]);

/** n velocities v(x, t) of x [n, dim]; parameters for dim + 1 inputs. */
export const rowVelocity =
  (parameters: RowParameters): VelocityField =>
  (x, t) =>
    applyRows(parameters, concat([x, column(t, x)], -1));

/** n average velocities u(x, s, t) of x [n, dim]; parameters for dim + 2 inputs. */
export const rowAverageVelocity =
  (parameters: RowParameters): AverageVelocity =>
  (x, s, t) =>
    applyRows(parameters, concat([x, column(s, x), column(t, x)], -1));

/** n random exactly invertible families ψ_t, one per row: coupling layers whose conditioners are row networks. */
export function rowBijection(
  draws: Draws,
  n: number,
  dim: number,
  dtype: "float64" | "float32" = "float64",
): Bijection {
  const cut = Math.ceil(dim / 2);
  const layers = Array.from({ length: 4 }, (_, i) => {
    const rest = i % 2 === 0 ? cut : dim - cut;
    const network = rowParameters(draws, n, { inputs: rest + 1, outputs: 2 * (dim - rest), gain: 0.75, dtype });
    return couplingLayer(dim, i % 2 === 0 ? "first" : "last", rowVelocity(network));
  });
  return chain(layers);
}

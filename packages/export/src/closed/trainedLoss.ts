import type { AnyLoss } from "@pushforward/losses";
import type { Tensor, Tree } from "@pushforward/tensor";

/** A loss with the networks of a training, and the sampler that the training gave, all for one sample x [dim] and in float64. */
export interface TrainedLoss {
  readonly loss: AnyLoss;
  /** Number of coordinates. */
  readonly dim: number;
  /** Float type of the training, in which its parameters are stored. */
  readonly dtype: "float64" | "float32";
  /** Parameters that the loss trains. */
  readonly params: Tree;
  /** Parameters of all other networks. */
  readonly frozen: Tree;
  /** The functions that the loss needs, at parameters. */
  functions(params: Tree, frozen: Tree): Readonly<Record<string, unknown>>;
  /** Parameters with which samples are drawn. */
  readonly average: Tree;
  /** Names of the times that the network of the sampler takes after x. */
  readonly times: readonly string[];
  /** The network of the sampler. */
  network(average: Tree, x: Tensor, ...times: Tensor[]): Tensor;
  /** A sample from noise [dim] by a network. */
  sample(network: (x: Tensor, ...times: Tensor[]) => Tensor, noise: Tensor): Tensor;
}

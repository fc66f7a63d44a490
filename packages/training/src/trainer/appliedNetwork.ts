import { stopGradient } from "@pushforward/autodiff";
import type { FlowNetwork } from "@pushforward/nn";
import type { Tensor, TensorLike } from "@pushforward/tensor";

/** A network with its parameters put in: v(x, t) or u(x, s, t). */
export type AppliedNetwork = (x: Tensor, ...times: TensorLike[]) => Tensor;

/** A network at some parameters. */
export const applied =
  <P>(network: FlowNetwork<P>, params: P): AppliedNetwork =>
  (x, ...times) =>
    network.apply(params, x, ...times);

/** A network at stopped parameters: derivatives pass through its inputs. */
export const frozen =
  <P>(network: FlowNetwork<P>, params: P, label: string): AppliedNetwork =>
  (x, ...times) =>
    network.apply(stopGradient(params, label), x, ...times);

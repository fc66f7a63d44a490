import type { Tensor, TensorLike } from "@pushforward/tensor";

/** A network with its parameters put in: v(x, t) or u(x, s, t). */
export type AppliedNetwork = (x: Tensor, ...times: TensorLike[]) => Tensor;

/** What one training step can look at. Networks other than the student arrive with stopped parameters. */
export interface ObjectiveInput {
  /** The network with the parameters that are being learnt. */
  readonly student: AppliedNetwork;
  /** A slow copy of it, where the objective asked for one. */
  readonly target?: AppliedNetwork;
  /** The velocity learnt before, where the objective needs it. */
  readonly teacher?: AppliedNetwork;
  /** Fresh data, [batch, dim]. */
  readonly data: Tensor;
  /** Randomness of this step. */
  readonly key: Tensor;
}

/** What a run minimises. */
export interface Objective {
  readonly name: string;
  /** Which network it trains: v(x, t) or u(x, s, t). */
  readonly network: "velocity" | "averageVelocity";
  readonly needsTeacher: boolean;
  /** Decay of the slow copy that targets use; null where none does. */
  readonly targetDecay: number | null;
  /** Whether the network is only trained towards t = 1, so that several steps must go back to noise in between. */
  readonly endsAtData: boolean;
  /** The scalar to minimise. */
  loss(input: ObjectiveInput): Tensor;
}

import type { FlowMapForm } from "@pushforward/flows";
import type { Recipe } from "@pushforward/losses";
import type { Tensor, TensorLike } from "@pushforward/tensor";
import type { Auxiliaries } from "./auxiliaryObjective.ts";

/** A network with its parameters put in: v(x, t) or u(x, s, t). */
export type AppliedNetwork = (x: Tensor, ...times: TensorLike[]) => Tensor;

/** What one training step can look at. Networks other than the student and omega arrive with stopped parameters. */
export interface ObjectiveInput {
  /** The network with the parameters that are being learnt. */
  readonly student: AppliedNetwork;
  /** A slow copy of it, where the objective asked for one. */
  readonly target?: AppliedNetwork;
  /** The student as the stage before left it, where the objective has stages. */
  readonly previous?: AppliedNetwork;
  /** The velocity learnt before, where the objective needs it. */
  readonly teacher?: AppliedNetwork;
  /** ω(s, t), [batch], learnt along where the objective weights its samples by it. */
  readonly omega?: (s: Tensor, t: Tensor) => Tensor;
  /** ψ(x, t, s), learnt in alternation where the objective says so. */
  readonly fakeVelocity?: AppliedNetwork;
  /** C(x, t), a logit [batch], learnt in alternation likewise. */
  readonly critic?: (x: Tensor, t: Tensor) => Tensor;
  /** Fresh data, [batch, dim]. */
  readonly data: Tensor;
  /** Randomness of this step. */
  readonly key: Tensor;
  /** Updates done, 0-d; a training without it stands at its beginning. */
  readonly step?: Tensor;
  /** The stage that this step belongs to, 0-d, from 0. */
  readonly stage?: Tensor;
}

/** What a run minimises. */
export interface Objective {
  readonly name: string;
  /** Which network it trains: v(x, t) or u(x, s, t). */
  readonly network: "velocity" | "averageVelocity";
  /** What a network u(x, s, t) stands for; default firstOrder, the average velocity itself. */
  readonly form?: FlowMapForm;
  /** Largest angular frequency of the times that enter it; null or absent leaves that to the network. */
  readonly maxFrequency?: number | null;
  /** Whether only the diagonal u(x, t, t) is trained, so that samples come from solving an ODE; default no. */
  readonly learnsDiagonal?: boolean;
  readonly needsTeacher: boolean;
  /** Decay of the slow copy that targets use; null where none does. */
  readonly targetDecay: number | null;
  /** Whether the network is only trained towards t = 1, so that several steps must go back to noise in between. */
  readonly endsAtData: boolean;
  /** Labels of the stop-gradients in its losses. */
  readonly stops?: readonly string[];
  /** Into how many equal parts the training falls; default 1. */
  readonly stages?: number;
  /** Whether it learns ω(s, t) along; default no. */
  readonly learnsOmega?: boolean;
  /** How the student starts; default with velocity zero. */
  readonly init?: Recipe["init"];
  /** The student's learning rate over that of the training; default 1. */
  readonly rate?: number;
  /** Networks that learn in alternation with the student; null or absent where none does. */
  readonly auxiliaries?: Auxiliaries | null;
  /** Where a generator's samples start, one step from each; empty for any time, absent for a flow map. */
  readonly starts?: readonly number[];
  /** The scalar to minimise. */
  loss(input: ObjectiveInput): Tensor;
  /** The parts that add up to the loss, the main one last, where they are to pull with equal force; otherwise absent. */
  readonly parts?: readonly ((input: ObjectiveInput) => Tensor)[];
}

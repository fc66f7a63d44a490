import type { Tensor } from "@pushforward/tensor";
import type { AppliedNetwork } from "./appliedNetwork.ts";
import type { StepLabels } from "./labels.ts";

/** The values that the loss of a recipe may use in one step. Networks other than `student` and `omega` arrive with stopped parameters. */
export interface StepInput {
  /** The network with the parameters that are being learnt. */
  readonly student: AppliedNetwork;
  /** The student with slowly averaged parameters, where a loss has such a target. */
  readonly target?: AppliedNetwork;
  /** The student at the end of the stage before, where the recipe has stages. */
  readonly previous?: AppliedNetwork;
  /** The velocity that is distilled, where the recipe needs one. */
  readonly teacher?: AppliedNetwork;
  /** The velocity that a term regresses on instead of the teacher's; default the teacher. */
  readonly targetVelocity?: AppliedNetwork;
  /** ω(s, t), [batch], where the recipe learns weights of its samples. */
  readonly omega?: (s: Tensor, t: Tensor) => Tensor;
  /** ψ(x, t, s), where the recipe learns the velocity of the student's samples. */
  readonly fakeVelocity?: AppliedNetwork;
  /** C(x, t), a logit [batch], where the recipe learns a critic. */
  readonly critic?: (x: Tensor, t: Tensor) => Tensor;
  /** The student without a class, where samples have labels. */
  readonly unconditional?: AppliedNetwork;
  /** The labels of the data, where they have some: all networks but `omega` take labels after their times. */
  readonly labels?: StepLabels;
  /** Fresh data, [batch, dim]. */
  readonly data: Tensor;
  /** Randomness of this step. */
  readonly key: Tensor;
  /** Updates done, 0-d; a training without it stands at its beginning. */
  readonly step?: Tensor;
  /** The part of the training that is done, 0-d, from 0 to 1. */
  readonly progress?: Tensor;
  /** The stage that this step belongs to, 0-d, from 0. */
  readonly stage?: Tensor;
}

import type { Recipe } from "@pushforward/losses";
import type { FlowNetwork } from "@pushforward/nn";
import type { Tree } from "@pushforward/tensor";
import type { ImageShape } from "../problems/problem.ts";
import type { TrainingSettings } from "../settings/trainingSettings.ts";

/** The function that a network computes: v(x, t) or u(x, s, t). */
export type NetworkKind = Recipe["network"];

/** The use that a network is made for. */
export interface NetworkUse {
  /** Number of coordinates. */
  readonly dim: number;
  /** Largest angular frequency of its times; null leaves it to the network. */
  readonly maxFrequency: number | null;
  /** Number of classes, where points have labels. */
  readonly classes?: number;
  /** Whether it takes the scale of a guidance after the labels. */
  readonly guidance?: boolean;
  /** The picture that a point is, where points are pictures. */
  readonly image?: ImageShape;
}

/** Makes the networks of a training. The student, its teacher and auxiliary networks have parameters of one type. */
export type MakeNetwork<P = Tree> = (kind: NetworkKind, use: NetworkUse) => FlowNetwork<P>;

/** The embedding of times with a largest frequency, where a use has one. */
export const embeddingOf = ({ maxFrequency }: NetworkUse) =>
  maxFrequency === null ? {} : { embedding: { kind: "sinusoidal", maxFrequency } as const };

/** The number of classes, where there are some, and whether the network takes the scale of a guidance. */
export const conditionsOf = ({ classes, guidance = false }: NetworkUse) =>
  classes === undefined ? {} : { classes, guidance };

/** A family of networks, as a setting names it. */
export interface NetworkFamily {
  make(settings: TrainingSettings): MakeNetwork;
  /** Its sizes in words. */
  describe(settings: TrainingSettings, use: Pick<NetworkUse, "dim" | "image">): string;
}

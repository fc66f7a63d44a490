import type { Recipe } from "@pushforward/losses";
import { averageVelocityNetwork, type FlowNetwork, velocityNetwork } from "@pushforward/nn";
import type { Tree } from "@pushforward/tensor";
import type { ImageShape } from "../problems/problem.ts";
import type { TrainingSettings } from "../settings/trainingSettings.ts";
import { widthOf } from "./networkWidth.ts";

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
  /** The picture that a point is, where points are pictures. */
  readonly image?: ImageShape;
}

/** Makes the networks of a training. The student, its teacher and auxiliary networks have parameters of one type. */
export type MakeNetwork<P = Tree> = (kind: NetworkKind, use: NetworkUse) => FlowNetwork<P>;

/** Perceptrons of the width, depth and activation that the settings say. */
export const perceptrons =
  (settings: Pick<TrainingSettings, "width" | "depth" | "activation">): MakeNetwork =>
  (kind, { dim, maxFrequency, classes }) => {
    const { depth, activation } = settings;
    const size = { dim, width: widthOf(settings, dim), depth, activation, ...(classes && { classes }) };
    const options =
      maxFrequency === null ? size : { ...size, embedding: { kind: "sinusoidal", maxFrequency } as const };
    return kind === "velocity" ? velocityNetwork(options) : averageVelocityNetwork(options);
  };

/**
 * Largest angular frequency of the times that a network sees, where a recipe names none. Maps of few coordinates change slowly
 * with time: eight Gaussians in 1200 steps, energy distances of MeanFlow, Shortcut and PSD are 0.015, 0.011 and 0.043 at 16 radians, 0.005,
 * 0.005 and 0.006 at 2.
 */
const usualFrequency = 2;

/** Largest angular frequency of a student's times. A velocity, and a student that begins as one, must follow the sharp changes near both ends. */
export const frequencyOf = ({ maxFrequency, network, init }: Recipe): number | null =>
  maxFrequency ?? (network === "velocity" || init === "teacher" ? null : usualFrequency);

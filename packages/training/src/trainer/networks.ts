import type { Recipe } from "@pushforward/losses";
import { averageVelocityNetwork, velocityNetwork } from "@pushforward/nn";
import type { TrainingSettings } from "../settings/trainingSettings.ts";
import { conditionsOf, embeddingOf, type MakeNetwork, type NetworkFamily, type NetworkUse } from "./networkUse.ts";
import { widthOf } from "./networkWidth.ts";
import { pictureFamilies } from "./pictureNetworks.ts";

type PerceptronSettings = Pick<TrainingSettings, "width" | "depth" | "activation">;

/** Perceptrons of the width, depth and activation that the settings say. */
export const perceptrons =
  (settings: PerceptronSettings): MakeNetwork =>
  (kind, use) => {
    const { dim } = use;
    const { depth, activation } = settings;
    const size = { dim, width: widthOf(settings, dim), depth, activation };
    const options = { ...size, ...conditionsOf(use), ...embeddingOf(use) };
    return kind === "velocity" ? velocityNetwork(options) : averageVelocityNetwork(options);
  };

/** Name of a family of networks. */
export type NetworkName = TrainingSettings["network"];

/** The families of networks by name. */
const networkFamilies: Readonly<Record<NetworkName, NetworkFamily>> = {
  mlp: {
    make: perceptrons,
    describe: (settings, { dim }) =>
      `${settings.depth} hidden layers of ${widthOf(settings, dim)}, ${settings.activation}`,
  },
  ...pictureFamilies,
};

/** The networks that the settings name. */
export const networksOf = (settings: TrainingSettings): MakeNetwork => networkFamilies[settings.network].make(settings);

/** The network that the settings name, in words. */
export const describeNetwork = (settings: TrainingSettings, use: Pick<NetworkUse, "dim" | "image">): string =>
  networkFamilies[settings.network].describe(settings, use);

/**
 * Largest angular frequency of the times that a network sees, where a recipe names none. Maps of few coordinates change slowly
 * with time: eight Gaussians in 1200 steps, energy distances of MeanFlow, Shortcut and PSD are 0.015, 0.011 and 0.043 at 16 radians, 0.005,
 * 0.005 and 0.006 at 2.
 */
const usualFrequency = 2;

/**
 * Largest angular frequency of a student's times. A velocity must follow the sharp changes near both ends; a student that begins as one needs
 * its features, because the same weights of other features are another function.
 */
export const frequencyOf = ({ maxFrequency, network, init }: Recipe): number | null =>
  init === "teacher" ? null : (maxFrequency ?? (network === "velocity" ? null : usualFrequency));

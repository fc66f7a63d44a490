import type { Recipe } from "@pushforward/losses";
import { averageVelocityNetwork, dit, type FlowNetwork, unet, velocityNetwork } from "@pushforward/nn";
import { DomainError, type Tree } from "@pushforward/tensor";
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

type SizeSettings = Pick<TrainingSettings, "width" | "depth">;
type PerceptronSettings = SizeSettings & Pick<TrainingSettings, "activation">;
type TransformerSettings = SizeSettings & Pick<TrainingSettings, "patch" | "heads">;

/** The embedding of times with a largest frequency, where one is wanted. */
const embeddingOf = ({ maxFrequency }: NetworkUse) =>
  maxFrequency === null ? {} : { embedding: { kind: "sinusoidal", maxFrequency } as const };

const classesOf = ({ classes }: NetworkUse) => (classes === undefined ? {} : { classes });

/** Perceptrons of the width, depth and activation that the settings say. */
export const perceptrons =
  (settings: PerceptronSettings): MakeNetwork =>
  (kind, use) => {
    const { dim } = use;
    const { depth, activation } = settings;
    const size = { dim, width: widthOf(settings, dim), depth, activation };
    const options = { ...size, ...classesOf(use), ...embeddingOf(use) };
    return kind === "velocity" ? velocityNetwork(options) : averageVelocityNetwork(options);
  };

/**
 * Options that networks of pictures share.
 *
 * @throws DomainError where points are no pictures
 */
function pictureOptions(name: string, kind: NetworkKind, use: NetworkUse) {
  const { image } = use;
  if (!image)
    throw new DomainError(
      `train: network ${name} needs pictures, got ${use.dim} columns that are no pixels; use network mlp, or name columns pixel_<row>_<column>`,
    );
  const times = kind === "velocity" ? (1 as const) : (2 as const);
  return { image: [image.height, image.width, image.channels] as const, times, ...classesOf(use), ...embeddingOf(use) };
}

/** Most tokens of a picture where no patch is chosen. */
const mostTokens = 49;

/** Side of a patch: the setting, or the smallest common divisor of height and width that leaves few tokens. */
export function patchOf({ patch }: Pick<TrainingSettings, "patch">, { height, width }: ImageShape): number {
  if (patch !== undefined) return patch;
  for (let side = 1; ; side++) {
    const divides = height % side === 0 && width % side === 0;
    if (divides && (height / side) * (width / side) <= mostTokens) return side;
    if (side >= Math.max(height, width)) return 1;
  }
}

/** Width of the tokens of a transformer, and of the first level of a U-Net, where none is chosen. */
const usualWidths = { dit: 64, unet: 16 } as const;

/** Diffusion transformers of the patch, width, depth and heads that the settings say. */
export const transformers =
  (settings: TransformerSettings): MakeNetwork =>
  (kind, use) => {
    const options = pictureOptions("dit", kind, use);
    const { width = usualWidths.dit, depth, heads } = settings;
    return dit({
      ...options,
      patch: patchOf(settings, use.image!),
      dim: width,
      depth,
      heads,
    }) as unknown as FlowNetwork;
  };

/** U-Nets of the width that the settings say, with as many levels as the depth: the first of this width, the others of twice the width. */
export const unets =
  (settings: SizeSettings): MakeNetwork =>
  (kind, use) => {
    const { width = usualWidths.unet, depth } = settings;
    const levels = Array.from({ length: depth }, (_, i) => (i === 0 ? 1 : 2));
    return unet({ ...pictureOptions("unet", kind, use), width, levels }) as unknown as FlowNetwork;
  };

/** A family of networks, as a setting names it. */
interface NetworkFamily {
  make(settings: TrainingSettings): MakeNetwork;
  /** Its sizes in words. */
  describe(settings: TrainingSettings, use: Pick<NetworkUse, "dim" | "image">): string;
}

/** Name of a family of networks. */
export type NetworkName = TrainingSettings["network"];

/** The families of networks by name. */
const networkFamilies: Readonly<Record<NetworkName, NetworkFamily>> = {
  mlp: {
    make: perceptrons,
    describe: (settings, { dim }) =>
      `${settings.depth} hidden layers of ${widthOf(settings, dim)}, ${settings.activation}`,
  },
  dit: {
    make: transformers,
    describe: (settings, { image }) =>
      `transformer of ${settings.depth} blocks of ${settings.width ?? usualWidths.dit}, patches of ${image ? patchOf(settings, image) : "?"}, ${settings.heads} heads`,
  },
  unet: {
    make: unets,
    describe: ({ width = usualWidths.unet, depth }) => `U-Net of ${depth} levels, ${width} channels in the first`,
  },
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

/** Largest angular frequency of a student's times. A velocity, and a student that begins as one, must follow the sharp changes near both ends. */
export const frequencyOf = ({ maxFrequency, network, init }: Recipe): number | null =>
  maxFrequency ?? (network === "velocity" || init === "teacher" ? null : usualFrequency);

import { dit, type FlowNetwork, unet } from "@pushforward/nn";
import { DomainError } from "@pushforward/tensor";
import type { ImageShape } from "../problems/problem.ts";
import type { TrainingSettings } from "../settings/trainingSettings.ts";
import {
  conditionsOf,
  embeddingOf,
  type MakeNetwork,
  type NetworkFamily,
  type NetworkKind,
  type NetworkUse,
} from "./networkUse.ts";

type SizeSettings = Pick<TrainingSettings, "width" | "depth" | "checkpointBlocks">;
type TransformerSettings = SizeSettings & Pick<TrainingSettings, "patch" | "heads">;

/** @throws DomainError where points are no pictures, or other coordinates of pictures than their pixels */
function imageOf(name: string, { dim, image }: NetworkUse): ImageShape {
  const pixels = image ? image.height * image.width * image.channels : 0;
  if (image && dim === pixels) return image;
  const [got, remedy] = image
    ? [`${dim} principal components of ${pixels} pixels`, "leave --latent out"]
    : [`${dim} columns that are no pixels`, "name columns pixel_<row>_<column>"];
  throw new DomainError(`train: network ${name} needs pictures, got ${got}; use network mlp, or ${remedy}`);
}

/**
 * Options that networks of pictures share.
 *
 * @throws DomainError where points are no pictures
 */
function pictureOptions(name: string, kind: NetworkKind, use: NetworkUse) {
  const image = imageOf(name, use);
  const times = kind === "velocity" ? (1 as const) : (2 as const);
  return {
    image: [image.height, image.width, image.channels] as const,
    times,
    ...conditionsOf(use),
    ...embeddingOf(use),
  };
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
const transformers =
  (settings: TransformerSettings): MakeNetwork =>
  (kind, use) => {
    const options = pictureOptions("dit", kind, use);
    const { width = usualWidths.dit, depth, heads, checkpointBlocks: checkpoint } = settings;
    return dit({
      ...options,
      patch: patchOf(settings, use.image!),
      dim: width,
      depth,
      heads,
      checkpoint,
    }) as FlowNetwork;
  };

/** U-Nets of the width that the settings say, with as many levels as the depth: the first of this width, the others of twice the width. */
const unets =
  (settings: SizeSettings): MakeNetwork =>
  (kind, use) => {
    const { width = usualWidths.unet, depth, checkpointBlocks: checkpoint } = settings;
    const levels = Array.from({ length: depth }, (_, i) => (i === 0 ? 1 : 2));
    return unet({ ...pictureOptions("unet", kind, use), width, levels, checkpoint }) as FlowNetwork;
  };

/** The families of networks of pictures by name. */
export const pictureFamilies = {
  dit: {
    make: transformers,
    describe: (settings, { image }) =>
      `transformer of ${settings.depth} blocks of ${settings.width ?? usualWidths.dit}, patches of ${image ? patchOf(settings, image) : "?"}, ${settings.heads} heads`,
  },
  unet: {
    make: unets,
    describe: ({ width = usualWidths.unet, depth }) => `U-Net of ${depth} levels, ${width} channels in the first`,
  },
} as const satisfies Record<string, NetworkFamily>;

import { attention } from "./attention.ts";
import { conv } from "./conv.ts";
import { embedding } from "./embedding.ts";
import { groupNorm } from "./groupNorm.ts";
import { layerNorm } from "./layerNorm.ts";
import { linear } from "./linear.ts";
import { rmsNorm } from "./rmsNorm.ts";

/** The layers by name; each makes `{ init(key), apply(params, x) }`. */
export const layers = { linear, layerNorm, rmsNorm, groupNorm, attention, embedding, conv } as const;

/** Name of a layer. */
export type LayerName = keyof typeof layers;

import { adam, adamW } from "./adam.ts";
import { sgd } from "./sgd.ts";

/** The optimisers by name. */
export const optimizers = { sgd, adam, adamW } as const;

/** Name of an optimiser. */
export type OptimizerName = keyof typeof optimizers;

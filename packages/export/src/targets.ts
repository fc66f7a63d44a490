import { jax } from "./jax/jax.ts";
import type { Target } from "./target.ts";
import { torch } from "./torch/torch.ts";

/** The frameworks that programs and losses are written for, by name: the command and the tests loop over this table. */
export const targets = { jax, torch } as const satisfies Record<string, Target>;

/** Name of a framework. */
export type TargetName = keyof typeof targets;

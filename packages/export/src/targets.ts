import { DomainError, mustBeOneOf } from "@pushforward/tensor";
import { jax } from "./jax/jax.ts";
import type { Target } from "./target.ts";
import { torch } from "./torch/torch.ts";

/** The frameworks that programs and losses are written for, by name: the command and the tests loop over this table. */
export const targets = { jax, torch } as const satisfies Record<string, Target>;

/** Name of a framework. */
export type TargetName = keyof typeof targets;

/** @throws DomainError that names the frameworks, from a function with an option `to` */
export function targetOf(caller: string, to: TargetName): Target {
  if (!Object.hasOwn(targets, to)) throw new DomainError(`${caller}: to ${mustBeOneOf(to, Object.keys(targets))}`);
  return targets[to];
}

import type { Guidance } from "@pushforward/losses";
import type { AppliedNetwork } from "./appliedNetwork.ts";
import { guided } from "./guidance.ts";
import { noLabels, type StepLabels, withLabels } from "./labels.ts";

/** Networks of a step that take points, times and labels. */
const names = [
  "network",
  "student",
  "target",
  "previous",
  "teacher",
  "targetVelocity",
  "fakeVelocity",
  "critic",
] as const;

/**
 * The input of a loss with all its networks at the labels of its samples, the teacher guided. Without labels it is the input as it is.
 *
 * @param guidance of the recipe
 */
export function atLabels<Input extends { readonly labels?: StepLabels }>(
  input: Input,
  guidance: Guidance | null,
): Input {
  const { labels } = input;
  if (!labels) return input;
  const networks: Readonly<Record<string, unknown>> = input;
  const bound = names.flatMap((name) => {
    const network = networks[name] as AppliedNetwork | undefined;
    if (!network) return [];
    const own = withLabels(network, labels.given);
    const isGuided = name === "teacher" && guidance !== null;
    return [[name, isGuided ? guided(own, withLabels(network, noLabels(labels)), guidance) : own] as const];
  });
  return { ...input, ...Object.fromEntries(bound) };
}

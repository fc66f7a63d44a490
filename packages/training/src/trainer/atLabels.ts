import type { Guidance } from "@pushforward/losses";
import type { AppliedNetwork } from "./appliedNetwork.ts";
import { guided } from "./guidance.ts";
import { type StepLabels, withLabels, withoutLabels } from "./labels.ts";

/** Networks of a step that take points, times, labels and, where networks take them, scales of a guidance. */
const learnt = ["network", "student", "target", "previous", "fakeVelocity", "critic"] as const;

/** Networks of a step that take points, times and labels, and no scale of a guidance. */
const velocities = ["teacher", "targetVelocity"] as const;

/**
 * The input of a loss with all its networks at the labels of its samples and their scales of guidance, the teacher guided. An input without
 * labels stays as it is.
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
  const { scales, ...plain } = labels;
  const bind = (names: readonly string[], at: (network: AppliedNetwork, name: string) => AppliedNetwork) =>
    names.flatMap((name) => (networks[name] ? [[name, at(networks[name] as AppliedNetwork, name)] as const] : []));
  const bound = [
    ...bind(learnt, (network) => withLabels(network, labels.given, scales)),
    ...bind(velocities, (network, name) => {
      const own = withLabels(network, labels.given);
      if (name !== "teacher" || guidance === null) return own;
      return guided(own, withoutLabels(network, plain), guidance, scales);
    }),
  ];
  return { ...input, ...Object.fromEntries(bound) };
}

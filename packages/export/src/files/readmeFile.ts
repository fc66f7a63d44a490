import { type AnyLoss, describeTimes, describeWeighting } from "@pushforward/losses";
import type { LossFunctions } from "../lossFunction.ts";
import { functionsOf } from "../lossInputs.ts";
import { pythonName } from "../python/identifier.ts";
import type { Target } from "../target.ts";

/** A block of Python. */
const python = (lines: readonly string[]): string[] => ["```python", ...lines, "```", ""];

/** The samples of a batch that a loss reads, in words. */
function sampleLines({ conditionalVelocity }: AnyLoss, read: readonly string[]): string[] {
  const v =
    conditionalVelocity === "biased"
      ? "`v` is the velocity of a teacher at (xs, s): `data - noise` would bias this loss."
      : "`v = data - noise`, or the velocity of a teacher at (xs, s).";
  const lines: Readonly<Record<string, string>> = {
    xs: "`noise` is standard normal, and `xs = s * data + (1 - s) * noise`, with s as a column.",
    v,
    fresh_noise: "`fresh_noise` is standard normal and independent of `noise`.",
    pairs_noise: "`pairs_noise` and `pairs_data` are the two ends of trajectories of a teacher.",
    warmup: "`warmup` is a number that all samples share: from 0 at the start of a training up to 1.",
  };
  return read.filter((name) => lines[name] !== undefined).map((name) => `- ${lines[name]}`);
}

/** How to check, and how to train: the guide beside an exported loss. */
export function readmeFile(
  loss: AnyLoss,
  target: Target,
  { batchParameters }: LossFunctions,
  more: readonly string[],
): string {
  const functions = new Set(Object.keys(functionsOf(loss)).map(pythonName));
  const arrays = batchParameters.filter((name) => !functions.has(name));
  const frozen = batchParameters.filter((name) => functions.has(name) && name !== "u");
  return [
    `# ${loss.label} in ${target.title}`,
    "",
    `\`python check.py\` compares the files with values and gradients that Pushforward computed in float64. It needs ${target.title} and NumPy.`,
    "",
    ...more,
    "## Train with it",
    "",
    ...target.loops.flatMap(({ title, lines }) => [`${title}:`, "", ...python(lines(frozen, arrays))]),
    ...(frozen.length > 0
      ? [
          `${frozen.map((name) => `\`${name}\``).join(", ")}: see the description of \`loss\`. Their parameters get no gradient.`,
          "",
        ]
      : []),
    "A batch is the first axis of every array; times are [batch].",
    ...(loss.group > 1
      ? [`The loss compares ${loss.group} samples with each other: consecutive rows, which must have the same times.`]
      : []),
    "",
    ...sampleLines(loss, batchParameters),
    `- Times of the paper: ${describeTimes(loss.timeLaw)}.`,
    `- Weights of the paper: ${describeWeighting(loss.weighting)}.`,
    "",
    "## Time",
    "",
    "- Here t = 0 is noise and t = 1 is data, s is the start and t the end of a step, and `v = data - noise`.",
    "- Where t' = 1 is noise and t' = 0 is data: s = 1 - s', t = 1 - t', and `u = lambda x, s, t: -network(x, 1 - s, 1 - t)`. Velocities change their sign.",
    "",
  ].join("\n");
}

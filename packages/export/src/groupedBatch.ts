import type { AnyLoss } from "@pushforward/losses";
import { DomainError } from "@pushforward/tensor";
import { functionsOf, isOfSample } from "./lossInputs.ts";
import { pythonName } from "./python/identifier.ts";
import type { LossParameters, Target } from "./target.ts";

/**
 * The lines of `batch_loss` of a loss that compares samples: the batch is cut into groups of consecutive rows, each with the times of its first
 * row. Functions of one sample become functions of a group, whose samples share the times.
 *
 * @throws DomainError for a loss that divides weights by their mean over the batch
 */
export function groupedBatch(
  loss: Pick<AnyLoss, "name" | "group" | "learns" | "needs">,
  target: Target,
  { functions, arrays, shared }: LossParameters,
): readonly string[] {
  const { name, group } = loss;
  if (functions.includes("normalize"))
    throw new DomainError(
      `exportLoss: ${name} must not need normalize, because it compares samples in groups of ${group}; divide by a mean over the group in its body`,
    );
  const all = Object.entries(functionsOf(loss)).map(([own, { args }]) => [pythonName(own), args] as const);
  const mapped = all.filter(([own]) => functions.includes(own));
  const times = ["s", "r", "t", "delta"];
  const given = arrays.map((each) => (times.includes(each) ? `${each}[0]` : each));
  return [
    `def batch_loss(${[...functions, ...arrays, ...shared].join(", ")}):`,
    `    """Mean loss of a batch, the first axis of all arrays: groups of ${group} consecutive samples at the same times."""`,
    ...mapped.map(
      ([own, args]) =>
        `    ${own} = ${target.vmap}(${own}, ${target.mappedAxes}=(${args.map((each) => (isOfSample(each) ? "0" : "None")).join(", ")}))`,
    ),
    `    in_groups = lambda x: x.reshape(-1, ${group}, *x.shape[1:])`,
    `    one = lambda ${arrays.join(", ")}: loss(${[...functions, ...given, ...shared].join(", ")})`,
    `    return ${target.mean}(${target.vmap}(one)(${arrays.map((each) => `in_groups(${each})`).join(", ")}))`,
  ];
}

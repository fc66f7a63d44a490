import { resolve } from "node:path";
import { type AnyLoss, type LossName, losses } from "@pushforward/losses";
import { DomainError, mustBeOneOf, quote } from "@pushforward/tensor";
import { lossOfVariant } from "@pushforward/training";
import {
  formatLossCase,
  formatVerifyReport,
  type LossReport,
  type VerifyLossOptions,
  verifyLoss,
} from "@pushforward/verify";
import { knownName } from "../sources/knownName.ts";
import { loadDefinition } from "../sources/loadLoss.ts";
import { isModule } from "../sources/loadModule.ts";
import { checkEnding, isSource, modulesOf } from "../sources/readSources.ts";

/** A loss to check, and its name in the report. */
interface Checked {
  readonly name: string;
  readonly loss: AnyLoss;
}

/** The losses that a name stands for: one of the registry, that of a module, or those that the recipe of a file names by their paths. */
async function lossesNamed(given: string): Promise<Checked[]> {
  if (isModule(given)) return [await definitionIn("verify", given)];
  if (!isSource(given)) {
    const name = knownName(given, Object.keys(losses));
    if (Object.hasOwn(losses, name)) return [{ name, loss: losses[name as LossName] }];
    checkEnding("verify", given);
    const loss = lossOfVariant(name);
    if (Object.hasOwn(losses, loss)) {
      throw new DomainError(
        `verify: loss must be named without the choices of a variant, since the definition of a loss is checked, got ${quote(given)}; try ${loss}`,
      );
    }
    throw new DomainError(`verify: loss ${mustBeOneOf(given, Object.keys(losses), "pushforward losses lists them")}`);
  }
  const found = await Promise.all(
    modulesOf("verify", given).map(({ place, name, path }) => definitionIn(place, name, path)),
  );
  if (found.length > 0) return found;
  throw new DomainError(
    `verify: ${given} must name a loss of your own by its path, such as "loss": "./myLoss.ts", got losses of the registry only`,
  );
}

const definitionIn = async (operation: string, file: string, path = resolve(file)): Promise<Checked> => ({
  name: file,
  loss: (await loadDefinition(operation, file, path)).loss,
});

/**
 * Checks the conformance of losses.
 *
 * @throws DomainError about a name or a file that holds no loss
 */
export async function verifyLosses(given: readonly string[], options: VerifyLossOptions): Promise<LossReport[]> {
  const checked = (await Promise.all(given.map(lossesNamed))).flat();
  return checked.map(({ name, loss }) => ({ ...verifyLoss(loss, options), name }));
}

/** The reports as text: a row for each loss, and the simplest sample at which a gradient is wrong. */
export function formatLossReports(reports: readonly LossReport[]): string {
  const examples = reports.flatMap(({ name, counterexample }) =>
    counterexample ? [`  ${name}: ${formatLossCase(counterexample)}`] : [],
  );
  return [
    formatVerifyReport({ laws: reports }, { law: "loss", laws: "losses" }),
    ...(examples.length > 0
      ? ["", "The simplest samples with a wrong gradient, along a random direction:", ...examples]
      : []),
  ].join("\n");
}

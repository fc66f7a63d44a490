import { type AnyLoss, defaultRecipe, printFormula, type Recipe } from "@pushforward/losses";
import { DomainError, quote } from "@pushforward/tensor";
import { formatRecipe, parseRecipe } from "@pushforward/training";
import { checkLoss } from "@pushforward/verify";
import { loadModule, messageOf } from "./loadModule.ts";
import type { OwnLoss } from "./source.ts";

/** Whether a value is what `defineLoss` returns. */
const isLoss = (value: unknown): value is AnyLoss => {
  const { loss, markedFormula, needs, stops } = Object(value) as Partial<AnyLoss>;
  return (
    typeof loss === "function" && typeof markedFormula === "string" && Array.isArray(needs) && Array.isArray(stops)
  );
};

/**
 * Loads the loss of a module and checks it on random instances. Its recipe is that of the module, or the default of its kind.
 *
 * @param file as messages call it
 * @param path of the file; by default `file` from the current folder
 * @throws DomainError that names the file and what does not hold
 */
export async function loadLoss(
  operation: string,
  file: string,
  path?: string,
): Promise<OwnLoss & { readonly sha256: string }> {
  const { loss, own, sha256 } = await loadDefinition(operation, file, path);
  const inFile = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw new DomainError(`${operation}: ${file}: ${messageOf(error)}`, { cause: error });
    }
  };
  inFile(() => checkLoss(loss));
  const { plainFormula } = await import("../report/plainFormula.ts");
  inFile(() => checkFormula(loss, plainFormula));
  return {
    loss,
    sha256,
    recipe: () => inFile(() => (own === undefined ? defaultRecipe(loss) : checkedRecipe(own as Recipe))),
  };
}

/** The loss of a module as it is defined, before any check, and the recipe that the module exports. */
interface Definition {
  readonly loss: AnyLoss;
  readonly own: unknown;
  readonly sha256: string;
}

/**
 * Loads the loss of a module without checking it.
 *
 * @throws DomainError unless the module loads and exports a loss
 */
export async function loadDefinition(operation: string, file: string, path?: string): Promise<Definition> {
  const { exports, sha256 } = await loadModule(operation, file, path);
  const { default: loss, recipe: own } = exports;
  if (isLoss(loss)) return { loss, own, sha256 };
  throw new DomainError(
    `${operation}: ${file} must have the result of defineLoss as its default export, got ${loss === undefined ? "none" : quote(loss)}; pushforward init loss myLoss writes an example`,
  );
}

/** @throws DomainError if the formula of a loss cannot be printed */
function checkFormula({ markedFormula }: AnyLoss, plainFormula: (latex: string) => string): void {
  try {
    plainFormula(printFormula(markedFormula));
  } catch (error) {
    throw new DomainError(
      `formula must be LaTeX, got ${quote(markedFormula)} (${messageOf(error)}); write it as String.raw, so that backslashes stay`,
    );
  }
}

/** The recipe that a module exports, checked as that of a file. */
function checkedRecipe(own: Recipe): Recipe {
  const losses = Object.fromEntries(own.terms.map(({ loss }) => [loss.name, loss]));
  return { ...parseRecipe(formatRecipe(own), losses), short: own.short ?? {} };
}

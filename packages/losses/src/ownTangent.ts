import { DomainError, mustBe } from "@pushforward/tensor";
import type { AnyLoss } from "./lossTypes.ts";
import { printFormula } from "./markedFormula.ts";
import { checkLossFields } from "./recipes/term.ts";

/** The tangent in the formula of a loss that takes its derivative along the student's own velocity. */
const own = String.raw`,\text{ tangent along } U(X_s, s, s)`;

/**
 * A loss that takes its derivative along the student's own velocity U(X_s, s, s) instead of v: the velocity in the tangent then depends on
 * the start point alone, also where v is that of single samples. A v elsewhere in the loss stays.
 *
 *   MeanFlow:  L = ‖ U − sg[ v + (t − s)·d/ds U ] ‖²,     d/ds = jvp along (U(X_s, s, s), 1, 0)
 *
 * The stop-gradients are those of the loss: without them, a gradient passes through U(X_s, s, s) too.
 *
 * @source Geng et al. 2025 (improved MeanFlow), arXiv 2512.02012
 * @throws DomainError if the tangent of the loss holds no v
 */
export function ownTangent(loss: AnyLoss): AnyLoss {
  checkLossFields("ownTangent", "the loss", loss);
  const { along, markedFormula, name, tangent } = loss;
  if (!along) throw new DomainError(`ownTangent: the tangent of the loss must hold v, but that of ${name} does not`);
  mustBe("ownTangent", `the tangent of ${name}`, tangent, "text");
  const marked = `${markedFormula}${own}`;
  return {
    ...loss,
    along: false,
    ...{ formula: printFormula(marked), markedFormula: marked },
    tangent: (tangent as string).replace("(v,", "(u(x, s, s),"),
    loss: (input) => loss.loss({ ...input, along: "own" }),
  };
}

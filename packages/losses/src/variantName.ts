import { mustBe } from "@pushforward/tensor";
import type { AnyLoss } from "./lossTypes.ts";
import { checkedLabels } from "./markedFormula.ts";

/**
 * The name of a loss whose stop-gradients of some labels are switched off: `meanFlow@-target`, `esd@-velocity@-advection`.
 *
 * @param without labels that are switched off; labels of other losses do not appear in the name
 */
export function variantName(loss: Pick<AnyLoss, "name" | "stops">, without: readonly string[] = []): string {
  mustBe("variantName", "the loss", loss, "object");
  const { name, stops } = loss;
  mustBe("variantName", "name of the loss", name, "text");
  mustBe("variantName", "stops of the loss", stops, "list");
  const off = checkedLabels("variantName", without);
  return [name, ...stops.filter((label) => off.includes(label)).map((label) => `-${label}`)].join("@");
}

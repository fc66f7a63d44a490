import { defineLoss } from "./defineLoss.ts";
import { shortcut } from "./shortcut.ts";

/** Shortcut whose flow matching learns the velocity of a teacher; the recipe differs, not the formula. */
export const shortcutDistillation = defineLoss({
  ...shortcut,
  formula: shortcut.markedFormula,
  name: "shortcutDistillation",
  label: "Shortcut from a teacher",
});

/** Place of the formula in which some stop-gradients are off: the sum of 2ᵏ over their places k. */
export const formulaAt = (stops: readonly string[], off: readonly string[]): number =>
  stops.reduce((sum, label, k) => sum + (off.includes(label) ? 2 ** k : 0), 0);

/** Number of formulas of a loss: one for each set of its stop-gradients. */
export const formulaCount = (stops: readonly string[]): number => 2 ** stops.length;

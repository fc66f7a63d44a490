import type { TimeLaw } from "./timeLaws.ts";

/** A law of times without the part that it puts on the diagonal s = t; a law of the diagonal alone stays as it is. */
export const offDiagonal = (law: TimeLaw): TimeLaw =>
  law.kind === "diagonalMix"
    ? offDiagonal({ ...law.law, middle: law.middle, delta: law.delta, margin: law.margin })
    : law;

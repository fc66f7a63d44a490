import type { Tree } from "@pushforward/tensor";
import { describeNonFinite, firstNonFinite, type StepStart, type Trainer } from "@pushforward/training";

/** Where the first number came from that is not finite, in words; loaded by a race whose loss stops being finite, which most never do. */
export const causeOf = (trainer: Trainer, steps: readonly StepStart<Tree>[]): string =>
  describeNonFinite(firstNonFinite(trainer, steps));

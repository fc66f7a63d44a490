import { mustBe } from "@pushforward/tensor";
import type { TimeLaw } from "./timeLaws.ts";

/** A law of times without its part on the diagonal s = t; a law of the diagonal alone is returned unchanged. */
export function offDiagonal(law: TimeLaw): TimeLaw {
  mustBe("offDiagonal", "the law", law, "object");
  mustBe("offDiagonal", "kind of the law", law.kind, "text");
  if (law.kind !== "diagonalMix") return law;
  mustBe("offDiagonal", "law of diagonalMix", law.law, "object");
  return offDiagonal({ ...law.law, middle: law.middle, delta: law.delta, margin: law.margin });
}

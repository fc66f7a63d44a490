import type { BoardFigures } from "../work/switchboard/boardTypes.ts";
import { formatFigure } from "./formatFigure.ts";

const degrees = (cosine: number): string =>
  `${Math.round((Math.acos(Math.max(-1, Math.min(1, cosine))) * 180) / Math.PI)}°`;

/** The figures in a sentence or two: angles to the gradient of the true error. */
export function verdict({ paper, chosen }: BoardFigures): string {
  const of = (figures: BoardFigures["paper"]): string[] =>
    [figures.exact, figures.single].map(({ groups }) =>
      Number.isNaN(groups[0].trueCosine) ? "" : degrees(groups[0].trueCosine),
    );
  const [paperExact, paperSingle] = of(paper);
  if (!paperExact || !paperSingle) return "The gradient of the true error is not known for this loss.";
  if (chosen.exact.groups[0].length < 1e-12)
    return "Everything is cut: the gradient is zero, though the loss has the same value.";
  const [ownExact, ownSingle] = of(chosen);
  const gap = chosen.exact.modes.gap;
  const modes = gap > 1e-9 ? ` Jacobians of forward and reverse mode differ by ${formatFigure(gap)} (exact v).` : "";
  return `Angle to the gradient of the true error: with the exact v ${ownExact || "none"} (paper: ${paperExact}), with v of single samples ${ownSingle || "none"} (paper: ${paperSingle}).${modes}`;
}

import { losses } from "@pushforward/losses";
import { lerp, mul, square, sub } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps, worstOf } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { lossInstance, lossOf, rowJets } from "../lossInstance.ts";

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const { parameters, samples } = lossInstance(draws, n);
  const { s, t } = samples;
  const r = lerp(s, t, isBroken ? 0.3 : 0.5);
  const jets = (loss: Parameters<typeof lossOf>[0]) => rowJets(lossOf(loss, samples, { r }), parameters);
  const shortcut = jets(losses.shortcut);
  return worstOf(
    rowGaps(jets(losses.triConsistency), mul(square(sub(t, s)), shortcut)),
    rowGaps(jets(losses.psd), shortcut),
  );
}

/** Tri-consistency at the midpoint is the Shortcut loss. */
export const midpointTriIsShortcut = defineLaw({
  name: "midpointTriIsShortcut",
  title: "Midpoint tri-consistency = Shortcut = PSD",
  statement:
    "With the middle time at the midpoint, tri-consistency over (t − s)² and PSD equal Shortcut in value and gradient.",
  formula: String.raw`\frac{\mathcal L_{\mathrm{tri}}\bigl(r = \tfrac{s+t}2\bigr)}{(t-s)^2} = \mathcal L_{\mathrm{PSD}}\bigl(h = \tfrac12\bigr) = \mathcal L_{\mathrm{Shortcut}}`,
  bound: 1e-12,
  broken: "the middle time is s + 0.3(t − s)",
  ...rowByRow(instances, 8),
});

import { withStops } from "@pushforward/autodiff";
import { type AnyLoss, type LossName, losses } from "@pushforward/losses";
import type { Draws } from "../draws.ts";
import { rowGaps, worstOf } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { lossInstance, lossOf, rowJets } from "../lossInstance.ts";

/** The entry that equals a loss without its stop-gradients. */
const unstopped: { readonly [L in LossName]?: LossName } = {
  localForwardSemi: "localForward",
  globalForward: "globalForwardFull",
  backwardSemi: "backwardExact",
  triConsistency: "triConsistencyFull",
  lsd: "lsdNone",
  esd: "esdNone",
  esdConvex: "esdNone",
  psd: "psdNone",
};

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const [name, full] = draws.pick(Object.entries(unstopped)) as [LossName, LossName];
  const { parameters, samples } = lossInstance(draws, n);
  const f = lossOf(losses[name] as AnyLoss, samples);
  const off = withStops(true, () => rowJets(f, parameters));
  const want = rowJets(lossOf(losses[full] as AnyLoss, samples), parameters);
  const value = [null, [0, 1]] as const;
  return worstOf(
    rowGaps(isBroken ? rowJets(f, parameters) : off, want),
    rowGaps(f(parameters).reshape([n, 1]), want.slice(...value)),
  );
}

/** Stop-gradients change gradients only. */
export const stopsKeepValues = defineLaw({
  name: "stopsKeepValues",
  title: "Variants differ by their stops only",
  statement:
    "A semi-gradient loss has the value of its full-gradient variant, and with its stop-gradients switched off also its gradient.",
  formula: String.raw`\mathcal L_{\text{semi}} = \mathcal L_{\text{full}},\qquad \nabla\mathcal L_{\text{semi}}\big\vert_{\mathrm{sg} = \mathrm{id}} = \nabla\mathcal L_{\text{full}}`,
  bound: 1e-11,
  broken: "the gradients are compared with the stops in place",
  ...rowByRow(instances, 2),
});

import type { AnyLoss } from "@pushforward/losses";
import { formatSafetensors } from "@pushforward/tensor";
import { gradientLines } from "../check/gradientLines.ts";
import { lossCheck } from "../check/lossCheck.ts";
import { networkLines, paramNames } from "../check/smallNetworks.ts";
import { type ExportLossOptions, exportLoss } from "../exportLoss.ts";
import { writeLoss } from "../lossFunction.ts";
import type { Target } from "../target.ts";
import { targets } from "../targets.ts";
import { type Comparison, checkFile } from "./checkFile.ts";
import { loadFile } from "./loadFile.ts";
import { readmeFile } from "./readmeFile.ts";

/** Files of an export by their names. */
export type ExportedFiles = Readonly<Record<string, string | Uint8Array>>;

/**
 * The files of an exported loss: the loss, its check with stored values, and a guide.
 *
 * @throws DomainError as exportLoss does
 */
export function lossFiles(loss: AnyLoss, options: ExportLossOptions): ExportedFiles {
  const text = exportLoss(loss, options);
  const { to, withoutStops = [] } = options;
  const target: Target = targets[to];
  const functions = writeLoss(loss, target, withoutStops);
  return {
    "loss.py": text,
    "check.py": checkFile(target, [lossComparison(loss, target, functions.batchParameters)]),
    "load.py": loadFile,
    "expected.safetensors": formatSafetensors(lossCheck(loss, withoutStops)),
    "README.md": readmeFile(loss, target, functions, []),
  };
}

/** The comparison of `loss.py`, with small networks. */
function lossComparison(loss: AnyLoss, target: Target, batchParameters: readonly string[]): Comparison {
  return {
    ...{ file: "loss.py", dtype: "float64", pairs: "loss_pairs" },
    imports: ["from loss import batch_loss"],
    functions: [
      networkLines(target),
      gradientLines(loss, target, batchParameters),
      [
        "def loss_pairs():",
        '    """Value and gradient of the loss on stored samples, with a small network, and the stored ones."""',
        '    expected = load("expected.safetensors")',
        `    value, gradient = value_and_gradient({name: ${target.fromNumpy("x")} for name, x in expected.items()})`,
        '    yield "value", value, expected["value"]',
        `    for name, got in zip("${paramNames.join("")}", gradient):`,
        '        yield f"gradient of {name}", got, expected[f"gradient.{name}"]',
      ],
    ],
  };
}

import type { AnyLoss } from "@pushforward/losses";
import { formatSafetensors } from "@pushforward/tensor";
import { gradientLines } from "../check/gradientLines.ts";
import { lossCheck } from "../check/lossCheck.ts";
import { networkLines, paramNames } from "../check/smallNetworks.ts";
import type { ClosedFiles } from "../closed/closedFiles.ts";
import { type ExportLossOptions, writtenLoss } from "../exportLoss.ts";
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
 * @param closed files of the same loss with the networks of a training, which the check and the guide include
 * @throws DomainError as exportLoss does
 */
export function lossFiles(loss: AnyLoss, options: ExportLossOptions, closed?: ClosedFiles): ExportedFiles {
  const { text, functions } = writtenLoss(loss, options);
  const { to, withoutStops = [] } = options;
  const target: Target = targets[to];
  return {
    "loss.py": text,
    ...closed?.files,
    "check.py": checkFile(target, [
      lossComparison(loss, target, functions.batchParameters),
      ...(closed ? [closed.comparison] : []),
    ]),
    "load.py": loadFile,
    "expected.safetensors": formatSafetensors({ ...lossCheck(loss, withoutStops), ...closed?.stored }),
    "README.md": readmeFile(loss, target, functions, closed ? closedGuide : []),
  };
}

/** Lines of the guide on the closed files. */
const closedGuide: readonly string[] = [
  "`program.py` is the loss with the networks of a training, its gradient, the trained network and its sampler; `params.safetensors` holds the parameters:",
  "",
  "```python",
  "from load import load",
  "from program import sample",
  "",
  'p = load("params.safetensors")',
  "x = sample(p, noise)  # one sample; vmap with p shared for a batch",
  "```",
  "",
];

/** The comparison of `loss.py`, with small networks. */
function lossComparison(loss: AnyLoss, target: Target, batchParameters: readonly string[]): Comparison {
  return {
    ...{ file: "loss.py", pairs: "loss_pairs" },
    imports: ["from loss import batch_loss"],
    functions: [
      networkLines(target),
      gradientLines(loss, target, batchParameters),
      [
        "def loss_pairs():",
        '    """Value and gradient of the loss on stored samples, with a small network, and the stored ones."""',
        '    expected = load("expected.safetensors")',
        `    value, gradient = value_and_gradient({name: ${target.fromNumpy("x.astype(dtype)")} for name, x in expected.items()})`,
        '    yield "value", value, expected["value"]',
        `    for name, got in zip("${paramNames.join("")}", gradient):`,
        '        yield f"gradient of {name}", got, expected[f"gradient.{name}"]',
      ],
    ],
  };
}

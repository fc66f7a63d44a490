import { docstring } from "../python/docstring.ts";
import type { Target } from "../target.ts";

/** Largest relative difference, by the float type of the check. */
const allowed = '{"float64": 1e-12, "float32": 1e-6}';

/** A comparison in `check.py`: lines that define functions, and a function of them that returns pairs (name, got, wanted). */
export interface Comparison {
  /** Name of the file that is checked. */
  readonly file: string;
  /** Lines that import from the file. */
  readonly imports: readonly string[];
  readonly functions: readonly (readonly string[])[];
  /** Name of the function of pairs. */
  readonly pairs: string;
}

/** The description at the head of the file. */
const head = (comparisons: readonly Comparison[]): string[] =>
  docstring([
    `Compares ${comparisons.map(({ file }) => file).join(" and ")} with values and gradients that Pushforward computed in float64.`,
    "",
    "python check.py computes in float64 and exits with 1 if a difference is above 1e-12; python check.py float32 allows",
    "1e-6, which losses exceed where large numbers cancel. A difference is relative to the largest element of its array.",
  ]);

const differenceLines = [
  "def difference(got, want):",
  '    """Largest difference, relative to the largest element."""',
  "    got, want = np.asarray(got), np.asarray(want)",
  "    if got.shape != want.shape:",
  '        return float("inf")',
  "    scale = np.max(np.abs(want), initial=0.0)",
  "    worst = np.max(np.abs(got - want), initial=0.0) / (scale if scale > 0 else 1.0)",
  '    return float(worst) if np.isfinite(worst) else float("inf")',
];

/** Runs every comparison, also after one that fails. */
const mainLines = (comparisons: readonly Comparison[]): string[] => [
  "def main():",
  "    is_good = True",
  `    for file, pairs in (${comparisons.map(({ file, pairs }) => `("${file}", ${pairs}()),`).join(" ")}):`,
  "        worst, name = max((difference(got, want), name) for name, got, want in pairs)",
  "        is_good = is_good and worst <= allowed",
  '        print(f"{file}: the worst relative difference is {worst:.2e} ({name}), allowed {allowed:.0e}")',
  "    return 0 if is_good else 1",
];

/** The file that compares the emitted source with stored values. */
export function checkFile(target: Target, comparisons: readonly Comparison[]): string {
  const [first, ...rest] = target.imports;
  const imports = comparisons.flatMap((comparison) => comparison.imports);
  const parts = [
    [
      ...head(comparisons),
      "",
      "import sys",
      "",
      first,
      "",
      'dtype = sys.argv[1] if len(sys.argv) > 1 else "float64"',
      `allowed = ${allowed}[dtype]`,
      ...(target.enableFloat64.length > 0
        ? ['if dtype == "float64":', ...target.enableFloat64.map((line) => `    ${line}`)]
        : []),
      ...rest,
      "import numpy as np",
      "",
      "from load import load",
      ...imports,
    ],
    differenceLines,
    ...comparisons.flatMap(({ functions }) => functions),
    [...mainLines(comparisons)],
    ['if __name__ == "__main__":', "    sys.exit(main())"],
  ];
  return `${parts.map((lines) => lines.join("\n")).join("\n\n\n")}\n`;
}

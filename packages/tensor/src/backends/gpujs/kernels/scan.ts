import type { ScanKernel } from "../../../compiler/plan.ts";
import type { CumsumParams } from "../../../primitives/reduction.ts";
import { checkNoIntegerSum } from "../integerSum.ts";
import { kernelText } from "../kernelText.ts";
import type { Lowering } from "../lowering.ts";
import { threadsOf } from "../threads.ts";
import { blockedSum, indexLoops } from "./blockedSum.ts";
import { splitAtAxis } from "./splitAtAxis.ts";

/** Running sums: every element sums the elements up to its place. */
export function lowerScan(lowering: Lowering, { equations: [equation], inputs, outputs }: ScanKernel): void {
  const { axis, reverse } = equation.params as CumsumParams;
  const [{ buffer, value }] = outputs;
  checkNoIntegerSum("cumsum", value.dtype);
  if (buffer.size === 0) {
    lowering.place(buffer, lowering.number(0));
    return;
  }
  const [outer, n, inner] = splitAtAxis(value.shape, axis);
  const { output, coordinates, functions } = threadsOf([outer, n, inner]);
  const [o, k, i] = coordinates;
  const { loops, index, isCut } = indexLoops("j", n);
  const isMeant = `if (${index} ${reverse ? ">=" : "<="} ${k}) {`;
  const guard = reverse && isCut ? [`if (${index} < ${n}) {`] : [];
  const lines = [
    ...blockedSum(loops, (total) => [
      ...guard,
      isMeant,
      `${total} += a0[${o} * ${n * inner} + ${index} * ${inner} + ${i}];`,
      "}",
      ...guard.map(() => "}"),
    ]),
    "return total;",
  ];
  lowering.place(
    buffer,
    lowering.launch(kernelText(1, lines, output, functions), [lowering.contiguous(inputs[0].view)]),
  );
}

import { sizeOf } from "../../../array/shape.ts";
import type { ContractKernel } from "../../../compiler/plan.ts";
import type { ConvParams } from "../../../primitives/convolution.ts";
import { kernelText } from "../kernelText.ts";
import type { Lowering } from "../lowering.ts";
import { indexAt, threadsOf } from "../threads.ts";
import { blockedSum, indexLoops } from "./blockedSum.ts";

/** x [B, n, h, w, c] and kernel [B, kh, kw, c, o]: each thread sums the products of one output; no window is stored. */
export function lowerConv(lowering: Lowering, { equations, inputs, outputs }: ContractKernel): void {
  const [{ operands, params, output: result }] = equations;
  const [{ buffer }] = outputs;
  const [x, kernel] = operands;
  const [n, h, w, c] = x.shape.slice(-4);
  const [kh, kw, , o] = kernel.shape.slice(-4);
  if (result.size === 0) {
    lowering.place(buffer, lowering.number(0));
    return;
  }
  const { size } = params as ConvParams;
  const { output, coordinates, functions } = threadsOf([sizeOf(x.shape.slice(0, -4)), n, ...size, o]);
  if (x.size === 0 || kernel.size === 0) {
    lowering.place(buffer, lowering.launch(kernelText(0, ["return 0;"], output, functions), []));
    return;
  }
  const [b, picture, oy, ox, channel] = coordinates;
  const [ky, kx, k] = [indexLoops("ky", kh), indexLoops("kx", kw), indexLoops("k", c)];
  const cuts = [ky, kx, k].flatMap(({ index, isCut }, i) => (isCut ? [`${index} < ${[kh, kw, c][i]}`] : []));
  const row = placeIn(params as ConvParams, 0, h, [oy, ky.index]);
  const column = placeIn(params as ConvParams, 1, w, [ox, kx.index]);
  const at = `(((${b} * ${n} + ${picture}) * ${h} + (${row.index})) * ${w} + (${column.index})) * ${c} + ${k.index}`;
  const weight = `(((${b} * ${kh} + ${ky.index}) * ${kw} + ${kx.index}) * ${c} + ${k.index}) * ${o} + ${channel}`;
  const lines = blockedSum([...ky.loops, ...kx.loops, ...k.loops], (total) => [
    ...cuts.map((cut) => `if (${cut}) {`),
    ...row.lines,
    ...column.lines,
    `${total} += a0[${at}] * a1[${weight}];`,
    ...[...cuts, ...row.lines, ...column.lines].flatMap((line) =>
      line.endsWith("{") || cuts.includes(line) ? ["}"] : [],
    ),
  ]);
  const arrays = operands.map((value) => lowering.contiguous(inputs.find((input) => input.value === value)!.view));
  lowering.place(buffer, lowering.launch(kernelText(2, [...lines, "return total;"], output, functions), arrays));
}

/** The index of a row or column in the picture, and lines that open a block for the places inside it. */
function placeIn(
  { stride, dilation, inputDilation, low }: ConvParams,
  axis: 0 | 1,
  length: number,
  coordinates: readonly [string, string],
): { readonly index: string; readonly lines: readonly string[] } {
  const at = indexAt(-low[axis], [stride[axis], dilation[axis]], coordinates);
  const step = inputDilation[axis];
  const lines = [`if (${at} >= 0) {`, `if (${at} <= ${(length - 1) * step}) {`];
  if (step === 1) return { index: at, lines };
  const slot = `slot${axis}`;
  return {
    index: `Math.floor(${slot})`,
    lines: [...lines, `const ${slot} = Math.floor((${at} + 0.5) / ${step});`, `if (${at} - ${slot} * ${step} < 0.5) {`],
  };
}

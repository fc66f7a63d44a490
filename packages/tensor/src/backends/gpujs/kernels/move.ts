import { sizeOf } from "../../../array/shape.ts";
import type { KernelInput, MoveKernel } from "../../../compiler/plan.ts";
import type { ConcatParams, IotaParams, PadParams } from "../../../primitives/structural.ts";
import type { Equation } from "../../../program/equation.ts";
import { kernelText } from "../kernelText.ts";
import { type DeviceArray, type Lowering, maxArrays } from "../lowering.ts";
import { indexAt, threadsOf } from "../threads.ts";
import { lowerArgsort } from "./argsort.ts";
import { lowerGather, lowerScatterAdd } from "./indexing.ts";
import { splitAtAxis } from "./splitAtAxis.ts";

/** Lowers one equation whose operands lie contiguous. */
export type LowerMove = (lowering: Lowering, equation: Equation, operands: readonly DeviceArray[]) => DeviceArray;

const moves: Readonly<Record<MoveKernel["move"], LowerMove>> = {
  iota: lowerIota,
  concat: lowerConcat,
  pad: lowerPad,
  gather: lowerGather,
  scatterAdd: lowerScatterAdd,
  argsort: lowerArgsort,
  // Elements in row-major order are those of the result.
  reshape: (_lowering, _equation, [array]) => array,
};

/** Elements that change places. */
export function lowerMove(lowering: Lowering, { move, equations: [equation], inputs, outputs }: MoveKernel): void {
  const [{ buffer }] = outputs;
  if (buffer.size === 0) {
    lowering.place(buffer, lowering.number(0));
    return;
  }
  const operands = equation.operands.map((x) => arrayOf(lowering, inputs.find((input) => input.value === x)!));
  lowering.place(buffer, moves[move](lowering, equation, operands));
}

const arrayOf = (lowering: Lowering, { view }: KernelInput): DeviceArray =>
  sizeOf(view.shape) === 0 ? lowering.number(0) : lowering.contiguous(view);

function lowerIota(lowering: Lowering, { params }: Equation): DeviceArray {
  const { shape, axis } = params as IotaParams;
  const { output, coordinates, functions } = threadsOf(splitAtAxis(shape, axis));
  return lowering.launch(kernelText(0, [`return ${coordinates[1]};`], output, functions), []);
}

/** Rows of the operands one after the other; more than a kernel may read are joined in groups first. */
function lowerConcat(lowering: Lowering, { operands, params }: Equation, arrays: readonly DeviceArray[]): DeviceArray {
  const { axis } = params as ConcatParams;
  const outer = sizeOf(operands[0].shape.slice(0, axis));
  let parts = arrays
    .map((array, i) => ({ array, row: sizeOf(operands[i].shape.slice(axis)) }))
    .filter(({ row }) => row > 0);
  while (parts.length > 1) {
    const groups = Array.from({ length: Math.ceil(parts.length / maxArrays) }, (_, i) =>
      parts.slice(i * maxArrays, (i + 1) * maxArrays),
    );
    parts = groups.map((group) => joinRows(lowering, outer, group));
  }
  return parts[0].array;
}

interface Rows {
  readonly array: DeviceArray;
  /** Elements of one row. */
  readonly row: number;
}

function joinRows(lowering: Lowering, outer: number, parts: readonly Rows[]): Rows {
  const row = parts.reduce((sum, part) => sum + part.row, 0);
  const { output, coordinates, functions } = threadsOf([outer, row]);
  const arrays = [...new Set(parts.map(({ array }) => array))];
  let start = 0;
  const lines = parts.map((part) => {
    const read = `return a${arrays.indexOf(part.array)}[${indexAt(-start, [part.row, 1], coordinates)}];`;
    start += part.row;
    return start === row ? read : `if (${coordinates[1]} < ${start}) { ${read} }`;
  });
  return { array: lowering.launch(kernelText(arrays.length, lines, output, functions), arrays), row };
}

/** One launch for each axis that grows. */
function lowerPad(
  lowering: Lowering,
  { operands, params, output }: Equation,
  [array]: readonly DeviceArray[],
): DeviceArray {
  const { low, interior } = params as PadParams;
  const shape = [...operands[0].shape];
  if (sizeOf(shape) === 0) {
    return lowering.launch(kernelText(0, ["return 0;"], [sizeOf(output.shape)]), []);
  }
  let padded = array;
  shape.forEach((size, axis) => {
    if (output.shape[axis] === size) return;
    const [outer, n, inner] = splitAtAxis(shape, axis);
    const step = interior[axis] + 1;
    const { output: threads, coordinates, functions } = threadsOf([outer, output.shape[axis], inner]);
    const [o, k, i] = coordinates;
    const end = low[axis] + (n - 1) * step;
    // An index that is shifted stays an integer only within the brackets of an element.
    const from = step === 1 ? `${k} - ${low[axis]}` : "slot";
    const place = `${o} * ${n * inner} + (${from}) * ${inner} + ${i}`;
    const lines = [`if (${k} < ${low[axis]}) { return 0; }`, `if (${k} > ${end}) { return 0; }`];
    if (step > 1) {
      lines.push(`const slot = Math.floor((${k} - ${low[axis]} + 0.5) / ${step});`);
      lines.push(`if (${k} - ${low[axis]} - slot * ${step} > 0.5) { return 0; }`);
    }
    lines.push(`return a0[${place.replaceAll("(slot)", "Math.floor(slot)")}];`);
    padded = lowering.launch(kernelText(1, lines, threads, functions), [padded]);
    shape[axis] = output.shape[axis];
  });
  return padded;
}

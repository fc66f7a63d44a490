import type { DType } from "./dtype.ts";
import { formatShape, type Shape } from "./shape.ts";
import type { TensorType } from "./tensorType.ts";

/** Elements printed at each end of a long axis. */
const edge = 3;
/** Above this many elements long axes are abbreviated, as in NumPy. */
const threshold = 200;

function formatNumber(value: number, dtype: DType): string {
  if (dtype === "bool") return value ? "true" : "false";
  if (Object.is(value, -0)) return "-0";
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? String(value) : String(Number(value.toPrecision(6)));
}

/** Readable text of an array: right-aligned columns, long axes abbreviated, shape and dtype at the end. */
export function formatTensor(x: TensorType & { readonly buffer: ArrayLike<number> }): string {
  const { shape, buffer, dtype } = x;
  const tag = `${dtype}${x.weak ? " weak" : ""}${formatShape(shape)}`;
  if (shape.length === 0) return `${formatNumber(buffer[0]!, dtype)} ${tag}`;
  if (buffer.length === 0) return `[] ${tag}`;
  const short = buffer.length > threshold;
  const kept = (axis: number): number[] => shownIndices(shape[axis]!, short);
  const width = cellWidth(buffer, shape, dtype, kept);
  const build = (axis: number, offset: number, size: number): string => {
    if (axis === shape.length) return formatNumber(buffer[offset]!, dtype).padStart(width);
    const step = size / shape[axis]!;
    const parts = kept(axis).map((i) => (i < 0 ? "…" : build(axis + 1, offset + i * step, step)));
    return `[${parts.join(axis === shape.length - 1 ? ", " : `,\n${" ".repeat(axis + 1)}`)}]`;
  };
  return `${build(0, 0, buffer.length)} ${tag}`;
}

/** Indices to print along an axis; −1 stands for the gap. */
function shownIndices(n: number, short: boolean): number[] {
  if (!short || n <= 2 * edge) return Array.from({ length: n }, (_, i) => i);
  return [...Array.from({ length: edge }, (_, i) => i), -1, ...Array.from({ length: edge }, (_, i) => n - edge + i)];
}

function cellWidth(buffer: ArrayLike<number>, shape: Shape, dtype: DType, kept: (axis: number) => number[]): number {
  let width = 0;
  const visit = (axis: number, offset: number, size: number): void => {
    if (axis === shape.length) {
      width = Math.max(width, formatNumber(buffer[offset]!, dtype).length);
      return;
    }
    const step = size / shape[axis]!;
    for (const i of kept(axis)) if (i >= 0) visit(axis + 1, offset + i * step, step);
  };
  visit(0, 0, buffer.length);
  return width;
}

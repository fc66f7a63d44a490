import type { ConvParams, Pair } from "../../../primitives/convolution.ts";

/** Places of the kernel along an axis: `count` of them from `from` on. */
interface Places {
  readonly from: number;
  readonly step: number;
  readonly count: number;
}

/** Outputs that read the same places of the kernel, and a convolution without zeros between rows that computes them. */
export interface Phase {
  /** Row and column of its first output, and how far its outputs are apart. */
  readonly first: Pair;
  readonly between: Pair;
  readonly places: readonly [Places, Places];
  readonly params: ConvParams;
}

/** One axis of a phase. */
interface AxisPhase {
  readonly first: number;
  readonly places: Places;
  readonly dilation: number;
  readonly low: number;
  readonly size: number;
}

/**
 * The phases of a convolution. Where zeros lie between the rows of pictures, most products are with these zeros; outputs whose
 * numbers have the same rest meet the same places of the kernel, and the other places are left out.
 */
export function phasesOf(params: ConvParams, kernel: readonly number[]): Phase[] {
  const [rows, columns] = ([0, 1] as const).map((axis) => axisPhases(params, axis, kernel[axis]));
  return rows.flatMap((row) =>
    columns.map(
      (column): Phase => ({
        first: [row.first, column.first],
        between: params.inputDilation,
        places: [row.places, column.places],
        params: {
          stride: params.stride,
          dilation: [row.dilation, column.dilation],
          inputDilation: [1, 1],
          low: [row.low, column.low],
          size: [row.size, column.size],
        },
      }),
    ),
  );
}

/** Output r + i·o' reads places k with r·stride + k·dilation ≡ low mod i, which are equally far apart: i zeros and rows alternate. */
function axisPhases(params: ConvParams, axis: 0 | 1, places: number): AxisPhase[] {
  const [stride, dilation, i, low] = [params.stride, params.dilation, params.inputDilation, params.low].map(
    (pair) => pair[axis],
  );
  const size = params.size[axis];
  return Array.from({ length: Math.min(i, size) }, (_, first) => {
    const met = Array.from({ length: places }, (_, k) => k).filter(
      (k) => (first * stride + k * dilation - low) % i === 0,
    );
    const [from = 0, second] = met;
    // A single place needs no distance.
    const step = second === undefined ? i : second - from;
    return {
      first,
      places: { from, step, count: met.length },
      dilation: (step * dilation) / i,
      low: -(first * stride + from * dilation - low) / i,
      size: Math.ceil((size - first) / i),
    };
  });
}

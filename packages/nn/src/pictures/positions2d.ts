import { concat, DomainError, mustBe, optionsOf, type Tensor, tensor } from "@pushforward/tensor";
import { checkWhole } from "../layers/layer.ts";
import type { ParameterOptions } from "../networks/network.ts";

/** Ratio of the largest and the smallest wavelength. @source Vaswani et al. 2017 */
const maxPeriod = 10_000;

/**
 * Fixed features of the places of a grid: sines and cosines of the column, then of the row.
 *
 *   [sin ω_k j, cos ω_k j, sin ω_k i, cos ω_k i],   ω_k = 10000^{−k/K},   K = dim/4
 *
 * @param grid number of rows and columns
 * @param dim  number of features, a multiple of 4
 * @returns [rows·columns, dim], row by row
 * @source  Peebles and Xie 2023, official code of DiT, with the column before the row
 * @throws  DomainError for a dim that is no multiple of 4
 */
export function positions2d(
  grid: readonly [rows: number, columns: number],
  dim: number,
  options: ParameterOptions = {},
): Tensor {
  mustBe("positions2d", "the grid", grid, "list");
  const { dtype = "float64" } = optionsOf("positions2d", options);
  const [rows, columns] = grid;
  checkWhole("positions2d", "the number of rows", rows, 1);
  checkWhole("positions2d", "the number of columns", columns, 1);
  checkWhole("positions2d", "dim", dim, 4);
  if (dim % 4 !== 0) throw new DomainError(`positions2d: dim must be a multiple of 4, got ${dim}`);
  const frequencies = tensor(Array.from({ length: dim / 4 }, (_, k) => maxPeriod ** (-k / (dim / 4))));
  const waves = (place: (i: number) => number): Tensor => {
    const places = Array.from({ length: rows * columns }, (_, i) => [place(i)]);
    const angles = tensor(places).mul(frequencies);
    return concat([angles.sin(), angles.cos()], 1);
  };
  return concat([waves((i) => i % columns), waves((i) => Math.floor(i / columns))], 1).cast(dtype);
}

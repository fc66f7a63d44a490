import {
  add,
  cast,
  DomainError,
  div,
  gather,
  mul,
  mustBe,
  optionsOf,
  permutation,
  placesOfColumns,
  randint,
  ShapeError,
  sub,
  type Tensor,
  take,
  tensor,
} from "@pushforward/tensor";
import { checkPoints } from "../callChecks.ts";
import { constant } from "../flow.ts";
import { checkCount, type Distribution, type SampleOptions } from "./distribution.ts";

/** Settings of fromFile. */
export interface FromFileOptions {
  /** Names of the columns of `values`; "0", "1", … by default. */
  readonly names?: readonly string[];
  /** Columns by name or by index from 0, in the order of the result; all by default. */
  readonly columns?: readonly (string | number)[];
  /** Shift and scale every column to mean 0 and standard deviation 1 over the training rows; default true. */
  readonly standardize?: boolean;
  /** Fraction of the rows kept for testing, in [0, 1); default 0. */
  readonly heldOut?: number;
  /** Key that chooses the held-out rows; needed when heldOut > 0. */
  readonly key?: Tensor;
  readonly dtype?: "float64" | "float32";
}

/** Rows of a file as a law: sampling draws training rows with replacement, in standardised units. */
export interface FileDistribution extends Distribution {
  /** Names of the chosen columns. */
  readonly columns: readonly string[];
  /** Mean and standard deviation of each column, in the file's units; a constant column has std 1. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** Training and held-out rows in standardised units, [rows, dim]. */
  readonly train: Tensor;
  readonly test: Tensor;
  /** From the file's units to standardised units: (x − mean)/std. */
  toStandard(x: Tensor): Tensor;
  /** From standardised units to the file's units: x·std + mean. */
  toOriginal(x: Tensor): Tensor;
}

/**
 * A data law of parsed CSV or NPY values.
 *
 * @param values [rows, columns], or [rows] for one column
 * @throws ShapeError for other ranks, DomainError for fewer than two training rows, values that are not finite, columns that do not
 *         exist, or a held-out fraction without a key
 */
export function fromFile(values: Tensor, options: FromFileOptions = {}): FileDistribution {
  const { standardize = true, heldOut = 0, dtype = "float64" } = optionsOf("fromFile", options, "standardize");
  mustBe("fromFile", "values", values, "tensor");
  if (options.names !== undefined) mustBe("fromFile", "names", options.names, "list");
  for (const name of options.names ?? []) mustBe("fromFile", "a name of columns", name, "text");
  if (options.columns !== undefined) mustBe("fromFile", "columns", options.columns, "list");
  const table = asTable(values);
  const names = options.names ?? Array.from({ length: table.shape[1] }, (_, i) => String(i));
  if (names.length !== table.shape[1])
    throw new ShapeError(`fromFile: names must name ${table.shape[1]} columns, got ${names.length}`);
  const chosen = options.columns ? placesOfColumns(options.columns, names, "fromFile") : names.map((_, i) => i);
  const columns = chosen.map((i) => names[i]);
  const picked = take(table, tensor(chosen, { dtype: "int32" }), 1);
  checkFinite(picked, columns);
  const { train, test } = splitRows(picked, heldOut, options.key);
  const dim = chosen.length;
  const { mean, std } = standardize ? moments(train) : { mean: new Array(dim).fill(0), std: new Array(dim).fill(1) };
  const [center, scale] = [constant(mean, [dim]), constant(std, [dim])];
  const toStandard = (x: Tensor): Tensor => {
    checkPoints("fromFile.toStandard", x, dim);
    return div(sub(x, center(x)), scale(x));
  };
  const rows = cast(toStandard(train), dtype);
  return {
    dim,
    columns,
    mean,
    std,
    train: rows,
    test: cast(toStandard(test), dtype),
    toStandard,
    toOriginal: (x) => {
      checkPoints("fromFile.toOriginal", x, dim);
      return add(mul(x, scale(x)), center(x));
    },
    sample: (key, n, { dtype: wanted = dtype }: SampleOptions = {}) => {
      checkCount("fromFile.sample", n);
      return cast(gather(rows, randint(key, [n], 0, rows.shape[0])), wanted);
    },
  };
}

function asTable(values: Tensor): Tensor {
  if (values.rank !== 1 && values.rank !== 2) {
    throw new ShapeError(
      `fromFile: values must be [rows, columns] or [rows], got [${values.shape.join(", ")}]; reshape them`,
    );
  }
  const floats = cast(values, "float64");
  return values.rank === 1 ? floats.reshape([-1, 1]) : floats;
}

function checkFinite(table: Tensor, columns: readonly string[]): void {
  const bad = table.dataSync().findIndex((x) => !Number.isFinite(x));
  if (bad < 0) return;
  const width = columns.length;
  throw new DomainError(
    `fromFile: values must be finite, got ${table.dataSync()[bad]} at row ${Math.floor(bad / width)}, column "${columns[bad % width]}"`,
  );
}

function splitRows(table: Tensor, heldOut: number, key: Tensor | undefined): { train: Tensor; test: Tensor } {
  if (!(heldOut >= 0 && heldOut < 1)) throw new DomainError(`fromFile: heldOut must lie in [0, 1), got ${heldOut}`);
  if (heldOut > 0 && key === undefined)
    throw new DomainError(`fromFile: heldOut = ${heldOut} needs a key that chooses the rows, got none; pass key(seed)`);
  const rows = table.shape[0];
  const testRows = Math.round(heldOut * rows);
  if (rows - testRows < 2) {
    throw new DomainError(`fromFile: at least two rows must be left for training, got ${rows - testRows} of ${rows}`);
  }
  const shuffled = testRows > 0 ? gather(table, permutation(key!, rows)) : table;
  const [test, train] = shuffled.split([testRows, rows - testRows]);
  return { train, test };
}

/** Mean and standard deviation (divisor n) per column; a constant column keeps std 1, so that nothing divides by 0. */
function moments(table: Tensor): { mean: number[]; std: number[] } {
  const mean = [...table.mean(0).dataSync()];
  const deviations = [...table.std(0).dataSync()];
  // a column of equal numbers can have a std of a few ulps, since its mean is rounded
  const isConstant = table.max(0).equal(table.min(0)).dataSync();
  const std = deviations.map((deviation, i) => (isConstant[i] || deviation === 0 ? 1 : deviation));
  const first = table.dataSync();
  return { mean: mean.map((m, i) => (isConstant[i] ? first[i] : m)), std };
}

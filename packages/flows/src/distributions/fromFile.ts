import {
  add,
  arange,
  cast,
  DomainError,
  div,
  gather,
  mul,
  mustBe,
  mustBeOneOf,
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
import { type Scaling, type ScalingName, scalings } from "./scaling.ts";

/** Settings of fromFile. */
export interface FromFileOptions {
  /** Names of the columns of `values`; "0", "1", … by default. */
  readonly names?: readonly string[];
  /** Columns by name or by index from 0, in the order of the result; all by default. */
  readonly columns?: readonly (string | number)[];
  /** How columns are shifted and scaled by the training rows, see {@link scalings}; default columns. */
  readonly scaling?: ScalingName;
  /** Fraction of the rows kept for testing, in [0, 1); default 0. */
  readonly heldOut?: number;
  /** Key that chooses the held-out rows; needed when heldOut > 0. */
  readonly key?: Tensor;
  readonly dtype?: "float64" | "float32";
}

/** Rows of a file as a law: sampling draws training rows with replacement, in standardised units. */
export interface FileDistribution extends Distribution, Scaling {
  /** Names of the chosen columns. */
  readonly columns: readonly string[];
  /** Training and held-out rows in standardised units, [rows, dim]. */
  readonly train: Tensor;
  readonly test: Tensor;
  /** Places of these rows in the file, int32[rows]: what stands beside a row, as its label does, is found by them. */
  readonly trainPlaces: Tensor;
  readonly testPlaces: Tensor;
  /** From the file's units to standardised units: (x − center)/scale. */
  toStandard(x: Tensor): Tensor;
  /** From standardised units to the file's units: x·scale + center. */
  toOriginal(x: Tensor): Tensor;
  /** Places in `train` of the rows that `sample(key, n)` draws, int32[n]. */
  drawPlaces(key: Tensor, n: number): Tensor;
}

/**
 * A data law of parsed CSV or NPY values.
 *
 * @param values [rows, columns], or [rows] for one column
 * @throws ShapeError for other ranks, DomainError for fewer than two training rows, values that are not finite, columns that do not
 *         exist, or a held-out fraction without a key
 */
export function fromFile(values: Tensor, options: FromFileOptions = {}): FileDistribution {
  const { scaling = "columns", heldOut = 0, dtype = "float64" } = optionsOf("fromFile", options);
  if (!Object.hasOwn(scalings, scaling))
    throw new DomainError(`fromFile: scaling ${mustBeOneOf(scaling, Object.keys(scalings))}`);
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
  const places = splitPlaces(picked.shape[0], heldOut, options.key);
  const [train, test] = [places.train, places.test].map((of) => gather(picked, of));
  const dim = chosen.length;
  const { center, scale } = scalings[scaling](train);
  const [shift, factor] = [constant(center, [dim]), constant(scale, [dim])];
  const toStandard = (x: Tensor): Tensor => {
    checkPoints("fromFile.toStandard", x, dim);
    return div(sub(x, shift(x)), factor(x));
  };
  const rows = cast(toStandard(train), dtype);
  const drawPlaces = (key: Tensor, n: number): Tensor => {
    checkCount("fromFile.sample", n);
    return randint(key, [n], 0, rows.shape[0]);
  };
  return {
    dim,
    columns,
    center,
    scale,
    train: rows,
    test: cast(toStandard(test), dtype),
    trainPlaces: places.train,
    testPlaces: places.test,
    toStandard,
    toOriginal: (x) => {
      checkPoints("fromFile.toOriginal", x, dim);
      return add(mul(x, factor(x)), shift(x));
    },
    drawPlaces,
    sample: (key, n, { dtype: wanted = dtype }: SampleOptions = {}) => cast(gather(rows, drawPlaces(key, n)), wanted),
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

/** Places of the training rows and of the held-out rows. */
function splitPlaces(rows: number, heldOut: number, key: Tensor | undefined): { train: Tensor; test: Tensor } {
  if (!(heldOut >= 0 && heldOut < 1)) throw new DomainError(`fromFile: heldOut must lie in [0, 1), got ${heldOut}`);
  if (heldOut > 0 && key === undefined)
    throw new DomainError(`fromFile: heldOut = ${heldOut} needs a key that chooses the rows, got none; pass key(seed)`);
  const testRows = Math.round(heldOut * rows);
  if (rows - testRows < 2) {
    throw new DomainError(`fromFile: at least two rows must be left for training, got ${rows - testRows} of ${rows}`);
  }
  const order = testRows > 0 ? permutation(key!, rows) : arange(0, rows, 1, { dtype: "int32" });
  const [test, train] = order.split([testRows, rows - testRows]);
  return { train, test };
}

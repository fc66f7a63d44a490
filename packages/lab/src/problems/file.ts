import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { fromFile } from "@pushforward/flows";
import { concat, DomainError, key, parseCsv, parseNpy, type Tensor } from "@pushforward/tensor";
import { fileError } from "../run/atomicFile.ts";
import { type Problem, pointsOf } from "./problem.ts";

/** What part of a file to learn. */
export interface FileOptions {
  /** Columns by name or index from 0; all by default. */
  readonly columns?: readonly string[];
  /** Share of the rows kept for judging. */
  readonly heldOut: number;
  /** Chooses the held-out rows. */
  readonly seed: number;
}

interface Values {
  readonly values: Tensor;
  readonly names: readonly string[];
}

/** Coordinates beyond this are refused: a network in so many would not be trained here. */
const maxDim = 4096;

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw fileError("data", path, error);
  }
}

function readValues(path: string, columns?: readonly string[]): Values {
  const bytes = readBytes(path);
  if (bytes.length === 0) throw new DomainError(`data: ${path} is empty; it must hold rows of numbers`);
  if (path.endsWith(".npy")) {
    const values = parseNpy(bytes, { name: path });
    if (values.rank !== 2) {
      throw new DomainError(`data: ${path} must hold an array [rows, columns], got [${values.shape.join(", ")}]`);
    }
    const names = Array.from({ length: values.shape[1] }, (_, i) => String(i));
    const chosen = columns ? pickColumns(path, values, names, columns) : { values, names };
    checkValues(path, chosen);
    return chosen;
  }
  const table = parseCsv(bytes.toString("utf8"), { name: path, columns });
  return { values: table.values, names: table.columns };
}

function pickColumns(path: string, values: Tensor, names: readonly string[], columns: readonly string[]): Values {
  const missing = columns.find((column) => !names.includes(column));
  if (missing !== undefined) {
    throw new DomainError(`data: ${path} has no column "${missing}"; its ${names.length} columns are numbered from 0`);
  }
  const parts = columns.map((column) => values.slice(null, [Number(column), Number(column) + 1]));
  return { values: concat(parts, 1), names: [...columns] };
}

function checkValues(path: string, { values, names }: Values): void {
  const data = values.dataSync();
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  const [row, column] = [Math.floor(bad / names.length), bad % names.length];
  throw new DomainError(`data: ${path} row ${row}, column "${names[column]}": values must be finite, got ${data[bad]}`);
}

/**
 * A CSV or NPY file as a problem: columns chosen, rows held out, standardised by the training rows.
 *
 * @throws DomainError that names file, row and column
 */
export function fileProblem(path: string, options: FileOptions): Problem {
  const { values, names } = readValues(path, options.columns);
  const [rows, dim] = values.shape;
  if (dim > maxDim)
    throw new DomainError(`data: ${path} has ${dim} columns, at most ${maxDim} can be learnt; choose with --columns`);
  if (rows < 4)
    throw new DomainError(`data: ${path} must have at least 4 rows to train on and to judge by, got ${rows}`);
  const law = fromFile(values, { names, heldOut: options.heldOut, key: key(options.seed) });
  return {
    name: basename(path),
    description: `${rows} rows of ${basename(path)}, columns ${listed(law.columns)}; distances are in standardised units.`,
    dim,
    sample: (k, n, dtype) => law.sample(k, n, { dtype }),
    heldOut: pointsOf(law.test),
    training: pointsOf(law.train),
    columns: law.columns,
    toOriginal: law.toOriginal,
    facts: {
      rows: `${law.train.shape[0]} to train on, ${law.test.shape[0]} held out`,
      columns: listed(law.columns),
      standardisation: "mean 0 and standard deviation 1 over the training rows, undone on output",
    },
    image: imageOf(law.columns, values),
  };
}

const listed = (names: readonly string[]): string =>
  names.length <= 6
    ? names.join(", ")
    : `${names.slice(0, 3).join(", ")} … ${names[names.length - 1]} (${names.length})`;

/** Columns named pixel_<row>_<column> that fill a grid are a picture. */
function imageOf(columns: readonly string[], values: Tensor): Problem["image"] {
  const places = columns.map((name) => /^pixel_(\d+)_(\d+)$/.exec(name));
  if (places.some((place) => place === null)) return undefined;
  const width = Math.max(...places.map((place) => Number(place![2]))) + 1;
  const height = Math.max(...places.map((place) => Number(place![1]))) + 1;
  const inOrder = places.every((place, i) => Number(place![1]) * width + Number(place![2]) === i);
  return inOrder && width * height === columns.length ? { width, height, range: [0, values.max().item()] } : undefined;
}

import { type FileDistribution, fromFile } from "@pushforward/flows";
import { DomainError, key, mustBe, type Tensor } from "@pushforward/tensor";
import { type Problem, pointsOf } from "./problem.ts";

/** Rows of numbers with the names of their columns. */
export interface NumberTable {
  /** [rows, columns], finite, in the units of the table. */
  readonly values: Tensor;
  readonly names: readonly string[];
  /** Rows that were left out because a number is missing in them; default 0. */
  readonly droppedRows?: number;
  /** First columns that were left out because they are an index; default 0. */
  readonly indexColumns?: number;
}

/** How the rows of a table are split. */
export interface TableSplit {
  /** Fraction of the rows that is kept for judging. */
  readonly heldOut: number;
  /** Chooses the held-out rows. */
  readonly seed: number;
}

/** Least rows on each side: a spread and a distance need two points. */
const leastRows = 2;

/**
 * A table as a problem: rows held out, standardised by the training rows.
 *
 * @param name  of the table, for reports
 * @param where the table in messages; by default its name
 * @throws DomainError that names the table if it has too few rows, or a column whose numbers are too large
 */
export function tableProblem(name: string, table: NumberTable, { heldOut, seed }: TableSplit, where = name): Problem {
  mustBe("tableProblem", "name of the table", name, "text");
  mustBe("tableProblem", "the table", table, "object");
  mustBe("tableProblem", "values of the table", table.values, "tensor");
  const { values, names } = table;
  checkSize(where, values.shape[0], heldOut);
  const law = fromFile(values, { names, heldOut, key: key(seed) });
  checkSpread(where, law);
  return asProblem(name, law, table);
}

function checkSize(path: string, rows: number, heldOut: number): void {
  const judged = Math.round(heldOut * rows);
  if (judged >= leastRows && rows - judged >= leastRows) return;
  const split = rows >= 2 * leastRows ? `, of which ${judged} would be held out; change --held-out` : "";
  throw new DomainError(
    `data: ${path} must have at least ${leastRows} rows to train on and ${leastRows} to judge by, got ${rows}${split}`,
  );
}

function checkSpread(path: string, { mean, std, columns }: FileDistribution): void {
  const bad = columns.findIndex((_, i) => !Number.isFinite(mean[i]) || !Number.isFinite(std[i]));
  if (bad < 0) return;
  throw new DomainError(
    `data: ${path}, column "${columns[bad]}": numbers must be small enough to be added, got some near 1.8e308, the largest; rescale them`,
  );
}

function asProblem(
  name: string,
  law: FileDistribution,
  { values, droppedRows = 0, indexColumns = 0 }: NumberTable,
): Problem {
  const [rows, dim] = values.shape;
  const dropped =
    droppedRows > 0 ? [`${droppedRows} of ${rows + droppedRows} rows left out, in which a number is missing`] : [];
  const index =
    indexColumns > 0
      ? [`${indexColumns === 1 ? "first column" : `${indexColumns} first columns`} left out, an index without a name`]
      : [];
  const notes = [...dropped, ...index.map((each) => `${each}; say --columns '*' to keep it`)];
  return {
    name,
    description: `${rows} rows of ${name}, ${dim === 1 ? "column" : "columns"} ${listed(law.columns)}.`,
    units: "in standard deviations of the training rows",
    dim,
    sample: (k, n, dtype) => law.sample(k, n, { dtype }),
    heldOut: pointsOf(law.test),
    training: pointsOf(law.train),
    columns: law.columns,
    toOriginal: law.toOriginal,
    facts: {
      rows: [`${law.train.shape[0]} to train on, ${law.test.shape[0]} held out`, ...dropped].join("; "),
      columns: [listed(law.columns), ...index].join("; "),
      standardisation: "mean 0 and standard deviation 1 over the training rows, undone on output",
    },
    ...(notes.length > 0 ? { note: `${name}: ${notes.join("; ")}` } : {}),
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
  const range = [values.min().item(), values.max().item()] as const;
  return inOrder && width * height === columns.length && range[0] < range[1] ? { width, height, range } : undefined;
}

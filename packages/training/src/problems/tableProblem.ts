import { type FileDistribution, fromFile, type ScalingName } from "@pushforward/flows";
import { DomainError, fromData, gather, key, mustBe, ShapeError, type Tensor } from "@pushforward/tensor";
import { type LatentLaw, latentLaw, type RowLaw } from "./latentLaw.ts";
import { pixelsOf } from "./pixels.ts";
import { type Classes, type Problem, pointsOf } from "./problem.ts";

/** Rows of numbers with the names of their columns. */
export interface NumberTable {
  /** [rows, columns], finite, in the units of the table. */
  readonly values: Tensor;
  readonly names: readonly string[];
  /** Rows that were left out because a number is missing in them; default 0. */
  readonly droppedRows?: number;
  /** First columns that were left out because they are an index; default 0. */
  readonly indexColumns?: number;
  /** Labels of the rows. */
  readonly labels?: RowLabels;
  /** Whether large numbers of pixels are bright, as in picture files; by default large numbers are ink on white paper. */
  readonly isBright?: boolean;
}

/** A label for each row of a table. */
export interface RowLabels {
  /** Names of the classes, each once. */
  readonly names: readonly string[];
  /** Place in `names` of the class of each row, [rows]. */
  readonly places: Int32Array;
}

/** How the rows of a table are split. */
export interface TableSplit {
  /** Fraction of the rows that is kept for judging. */
  readonly heldOut: number;
  /** Chooses the held-out rows. */
  readonly seed: number;
  /** How columns are scaled by the training rows; default common for pixels, whose differences matter, and columns for other tables. */
  readonly scaling?: ScalingName;
  /** Number of principal components that are learnt instead of the scaled columns; samples come back as rows of columns. */
  readonly components?: number;
}

/** Least rows on each side: a spread and a distance need two points. */
const leastRows = 2;

/**
 * A table as a problem: rows held out, scaled by the training rows.
 *
 * @param name  of the table, for reports
 * @param where the table in messages; by default its name
 * @throws DomainError that names the table if it has too few rows, or a column whose numbers are too large; ShapeError for labels of
 *         another number of rows
 */
export function tableProblem(name: string, table: NumberTable, split: TableSplit, where = name): Problem {
  mustBe("tableProblem", "name of the table", name, "text");
  mustBe("tableProblem", "the table", table, "object");
  mustBe("tableProblem", "values of the table", table.values, "tensor");
  const { values, names, labels, isBright } = table;
  const { heldOut, seed } = split;
  checkSize(where, values.shape[0], heldOut);
  if (labels) checkLabels(where, labels, values.shape[0]);
  const image = pixelsOf(names, values, isBright);
  const scaling = split.scaling ?? (image ? "common" : "columns");
  const law = fromFile(values, { names, heldOut, scaling, key: key(seed) });
  checkSpread(where, law, scaling);
  const latent = split.components === undefined ? undefined : latentLaw(law, split.components, where);
  const problem = asProblem(name, law, table, scaling);
  return {
    ...problem,
    ...(latent ? { ...inLatents(latent), facts: { ...problem.facts, ...latentFacts(latent) } } : {}),
    ...(image ? { image } : {}),
    ...(labels ? { classes: classesOf(labels, latent ?? law) } : {}),
  };
}

function checkSize(path: string, rows: number, heldOut: number): void {
  const judged = Math.round(heldOut * rows);
  if (judged >= leastRows && rows - judged >= leastRows) return;
  const split = rows >= 2 * leastRows ? `, of which ${judged} would be held out; change --held-out` : "";
  throw new DomainError(
    `data: ${path} must have at least ${leastRows} rows to train on and ${leastRows} to judge by, got ${rows}${split}`,
  );
}

function checkSpread(path: string, { center, scale, columns }: FileDistribution, scaling: ScalingName): void {
  const bad = columns.findIndex((_, i) => !Number.isFinite(center[i]) || !Number.isFinite(scale[i]));
  if (bad < 0) return;
  const place = scaling === "columns" ? `, column "${columns[bad]}"` : "";
  throw new DomainError(
    `data: ${path}${place}: numbers must be small enough to be added, got some near 1.8e308, the largest; rescale them`,
  );
}

/** @throws ShapeError unless each row has the label of a class that has a name */
function checkLabels(path: string, { names, places }: RowLabels, rows: number): void {
  if (places.length !== rows)
    throw new ShapeError(`data: ${path} must have a label for each of ${rows} rows, got ${places.length} labels`);
  const row = places.findIndex((place) => !(place >= 0 && place < names.length));
  if (row < 0) return;
  throw new DomainError(
    `data: ${path}: the label of row ${row} must be the place of a class, from 0 to ${names.length - 1}, got ${places[row]}`,
  );
}

/** Labels beside the rows of a law. */
function classesOf({ names, places }: RowLabels, law: RowLaw): Classes {
  const all = fromData(places, [places.length], "int32");
  const training = gather(all, law.trainPlaces);
  return {
    names,
    sample: (k, n, dtype) => ({ data: law.sample(k, n, { dtype }), labels: gather(training, law.drawPlaces(k, n)) }),
    heldOut: Int32Array.from(gather(all, law.testPlaces).dataSync()),
    training: Int32Array.from(training.dataSync()),
  };
}

/** Units of scores, and the words about a scaling in reports. */
const scalingTexts: Readonly<Record<ScalingName, { readonly units: string; readonly fact: string }>> = {
  columns: {
    units: "in standard deviations of the training rows",
    fact: "mean 0 and standard deviation 1 over the training rows",
  },
  common: {
    units: "in standard deviations of all training numbers",
    fact: "mean 0 and standard deviation 1 over all numbers of the training rows together",
  },
  range: {
    units: "in halves of the range of all training numbers",
    fact: "from −1 at the smallest number of the training rows to 1 at the largest",
  },
  none: { units: "in data units", fact: "none" },
};

const latentFacts = ({ dim, kept }: LatentLaw) => ({
  "principal components": `${dim}, which keep ${(100 * kept).toFixed(1)} % of the variance of the training rows`,
});

/** The parts of a problem that differ where principal components are learnt. */
const inLatents = (latent: LatentLaw) => ({
  units: "in standard deviations of the principal components",
  dim: latent.dim,
  sample: (k: Tensor, n: number, dtype: "float64" | "float32") => latent.sample(k, n, { dtype }),
  heldOut: pointsOf(latent.test),
  training: pointsOf(latent.train),
  toOriginal: latent.toOriginal,
});

function asProblem(
  name: string,
  law: FileDistribution,
  { values, labels, droppedRows = 0, indexColumns = 0 }: NumberTable,
  scaling: ScalingName,
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
    dim,
    sample: (k, n, dtype) => law.sample(k, n, { dtype }),
    heldOut: pointsOf(law.test),
    training: pointsOf(law.train),
    units: scalingTexts[scaling].units,
    scaling,
    columns: law.columns,
    toOriginal: law.toOriginal,
    facts: {
      rows: [`${law.train.shape[0]} to train on, ${law.test.shape[0]} held out`, ...dropped].join("; "),
      columns: [listed(law.columns), ...index].join("; "),
      ...(labels ? { classes: `${labels.names.length}: ${listed(labels.names)}` } : {}),
      standardisation: `${scalingTexts[scaling].fact}, undone on output`,
    },
    ...(notes.length > 0 ? { note: `${name}: ${notes.join("; ")}` } : {}),
  };
}

const listed = (names: readonly string[]): string =>
  names.length <= 6
    ? names.join(", ")
    : `${names.slice(0, 3).join(", ")} … ${names[names.length - 1]} (${names.length})`;

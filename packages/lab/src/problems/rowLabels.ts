import { DomainError } from "@pushforward/tensor";
import type { RowLabels } from "@pushforward/training";
import type { FileArray } from "./arrayTable.ts";
import type { FileTable } from "./fileTable.ts";

/** Most classes: each has a row in reports and needs pictures to learn from. */
const maxClasses = 1000;

/**
 * Classes of rows by a whole number for each: the classes are the different numbers, the smallest first.
 *
 * @param where the data, for messages
 * @throws DomainError that names the row of a label that is no whole number, or if there are too many classes
 */
export function labelsOf(where: string, numbers: ArrayLike<number>): RowLabels {
  const all = Array.from(numbers);
  const bad = all.findIndex((each) => !Number.isSafeInteger(each));
  if (bad >= 0) {
    throw new DomainError(
      `data: labels of ${where} must be whole numbers, one for each class, got ${all[bad]} at row ${bad} (counted from 0); number the classes`,
    );
  }
  const classes = [...new Set(all)].sort((a, b) => a - b);
  if (classes.length > maxClasses) {
    throw new DomainError(
      `data: labels of ${where} must be of at most ${maxClasses} classes, got ${classes.length}; are they labels?`,
    );
  }
  const placeOf = new Map(classes.map((each, place) => [each, place]));
  return { names: classes.map(String), places: Int32Array.from(all, (each) => placeOf.get(each)!) };
}

/**
 * Labels in an array of their own, for the rows of a table that were kept.
 *
 * @throws DomainError that names the array, its shape and the number of rows
 */
export function arrayLabels(where: string, { shape, read }: FileArray, table: FileTable): RowLabels {
  const { values, droppedRows, keptRows } = table;
  const rows = values.shape[0] + droppedRows;
  const isVector = shape.length === 1 || (shape.length === 2 && shape[1] === 1);
  if (!isVector || shape[0] !== rows) {
    const oneHot = shape.length === 2 && shape[1] > 1 && shape[0] === rows;
    const remedy = oneHot ? "save y.argmax(axis=1)" : "data and labels must be of the same rows";
    throw new DomainError(
      `data: labels of ${where} must be an array [${rows}], a number for each row of the data, got [${shape.join(", ")}]; ${remedy}`,
    );
  }
  if (droppedRows > 0 && !keptRows) {
    throw new DomainError(
      `data: labels of ${where} cannot follow the rows of a text file of which some were dropped; leave --missing out, or put the labels into a column`,
    );
  }
  const numbers = read().dataSync();
  return labelsOf(where, keptRows ? keptRows.map((row) => numbers[row]) : numbers);
}

import { DomainError, mustBe } from "@pushforward/tensor";
import { checkTerms, type Term } from "./term.ts";

/**
 * Consecutive rows [start, stop) of a batch for each term; together they cover the batch. A term with a fraction above 0 has at
 * least one row. In a batch that is too small, terms share rows, so that the objective has the same expectation as in a large
 * batch.
 *
 * @throws DomainError if the rows of a term are not whole groups
 */
export function rowsOfTerms(terms: readonly Term[], batch: number): [start: number, stop: number][] {
  checkTerms("rowsOfTerms", terms);
  mustBe("rowsOfTerms", "the batch", batch, "number");
  const rows = cutRows(terms, batch);
  const broken = rows.findIndex((each, i) => !isWhole(each, terms[i]));
  if (broken < 0) return rows;
  const [start, stop] = rows[broken];
  const { loss, group } = terms[broken];
  throw new DomainError(
    `rowsOfTerms: the rows of terms[${broken}] must be a multiple of ${group}, because ${loss.name} compares ${group} samples with each other, got ${stop - start} of a batch of ${batch}; choose another batch or group`,
  );
}

/** Whether the rows of every term of a batch are whole groups. */
export function hasWholeGroups(terms: readonly Term[], batch: number): boolean {
  checkTerms("hasWholeGroups", terms);
  mustBe("hasWholeGroups", "the batch", batch, "number");
  return cutRows(terms, batch).every((rows, i) => isWhole(rows, terms[i]));
}

const isWhole = ([start, stop]: readonly [number, number], { group = 1 }: Term): boolean =>
  (stop - start) % group === 0;

function cutRows(terms: readonly Term[], batch: number): [start: number, stop: number][] {
  const ends = terms.map((_, i) =>
    Math.round(batch * terms.slice(0, i + 1).reduce((sum, { fraction }) => sum + fraction, 0)),
  );
  return ends.map((end, i) => {
    const start = i === 0 ? 0 : ends[i - 1];
    if (end > start || terms[i].fraction === 0 || batch === 0) return [start, end];
    const row = Math.min(start, batch - 1);
    return [row, row + 1];
  });
}

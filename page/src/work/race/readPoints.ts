import { DomainError, parseCsv } from "@pushforward/tensor";
import type { NumberTable } from "@pushforward/training";

/**
 * The points of a text file.
 *
 * @throws DomainError that names file, line and column, or says that there are not two columns
 */
export function readPoints(name: string, bytes: Uint8Array): NumberTable {
  const { values, columns } = parseCsv(bytes, { name });
  if (columns.length === 2) return { values, names: columns };
  throw new DomainError(
    `data: ${name} must have 2 columns, so that its points can be shown, got ${columns.length}: ${columns.join(", ")}`,
  );
}

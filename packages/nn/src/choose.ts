import { DomainError, mustBeOneOf } from "@pushforward/tensor";

/**
 * The entry of a table by name.
 *
 * @throws DomainError that lists the names of the table
 */
export function choose<T>(operation: string, what: string, table: Readonly<Record<string, T>>, name: string): T {
  if (typeof name === "string" && Object.hasOwn(table, name)) return table[name];
  throw new DomainError(`${operation}: ${what} ${mustBeOneOf(name, Object.keys(table))}`);
}

import { chai, GLOBAL_EXPECT, JestAsymmetricMatchers, JestChaiExpect, JestExtend, setState } from "@vitest/expect";
import { collect, inGroup } from "./collected.ts";

/*
 * What a test file imports from vitest, for a page: the same matchers, and tests that are collected to be run by name.
 */

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

/** The matchers of vitest. */
export const expect = chai.expect;
Object.assign(globalThis, { [GLOBAL_EXPECT]: expect });
setState({ assertionCalls: 0 }, expect as never);

type Body = (...args: never[]) => unknown;
type Collect = (name: string, body: () => unknown) => void;

/** Options stand before or behind the body; a page has no use for them. */
const bodyOf = (rest: readonly unknown[]): Body => rest.find((each) => typeof each === "function") as Body;

const withRows = (add: Collect) =>
  Object.assign((name: string, ...rest: readonly unknown[]) => add(name, bodyOf(rest) as () => unknown), {
    each:
      (rows: readonly unknown[]) =>
      (name: string, ...rest: readonly unknown[]): void => {
        for (const row of rows) add(titleOf(name, row), () => bodyOf(rest)(...argumentsOf(row)));
      },
  });

/** A group of tests. */
export const describe = withRows(inGroup);

/** A test. */
export const it = withRows(collect);

const argumentsOf = (row: unknown): never[] => (Array.isArray(row) ? row : [row]) as never[];

/** Fills %s, %i and $name of a title. */
function titleOf(name: string, row: unknown): string {
  const values = argumentsOf(row).values();
  return name
    .replace(/%[sdi]/g, () => String(values.next().value))
    .replace(/\$(\w+)/g, (_, field: string) => String((row as Record<string, unknown>)[field]));
}

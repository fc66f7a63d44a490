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

/** A group of tests. */
export const describe = Object.assign(inGroup, {
  each: (rows: readonly unknown[]) => (name: string, body: Body) => {
    for (const row of rows) inGroup(titleOf(name, row), () => body(...argumentsOf(row)));
  },
});

/** A test. */
export const it = Object.assign(collect, {
  each: (rows: readonly unknown[]) => (name: string, body: Body) => {
    for (const row of rows) collect(titleOf(name, row), () => body(...argumentsOf(row)));
  },
});

const argumentsOf = (row: unknown): never[] => (Array.isArray(row) ? row : [row]) as never[];

/** Fills %s, %i and $name of a title. */
function titleOf(name: string, row: unknown): string {
  const values = argumentsOf(row).values();
  return name
    .replace(/%[sdi]/g, () => String(values.next().value))
    .replace(/\$(\w+)/g, (_, field: string) => String((row as Record<string, unknown>)[field]));
}

/** Runs a test, asynchronously or not. */
export type Run = () => unknown;

const tests = new Map<string, Run>();
const groups: string[] = [];

/** Collects the tests of a group under its name. */
export function inGroup(name: string, body: () => unknown): void {
  groups.push(name);
  body();
  groups.pop();
}

/**
 * Collects a test.
 *
 * @throws Error for a name that another test has
 */
export function collect(name: string, run: Run): void {
  const path = [...groups, name].join(" > ");
  if (tests.has(path)) throw new Error(`collect: names of tests must differ, got "${path}" twice`);
  tests.set(path, run);
}

/** All tests so far, by group and name. */
export const collected: ReadonlyMap<string, Run> = tests;

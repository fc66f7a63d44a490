import { readdirSync } from "node:fs";
import { expect } from "vitest";
import { runHere } from "./command.ts";

/** Expects a message and nothing else: no result, no stack, no file. */
export async function expectRefusal(args: readonly string[], says: RegExp, folder: string): Promise<void> {
  const before = readdirSync(folder);
  const { code, stdout, stderr } = await runHere(args);
  expect(stderr).toMatch(says);
  expect(stderr).toMatch(/^pushforward: /);
  expect(stderr).not.toMatch(/\n {4}at /);
  expect(stderr.length).toBeLessThan(1000);
  expect(stdout).toBe("");
  expect(code).toBe(1);
  expect(readdirSync(folder)).toEqual(before);
}

import { spawnSync } from "node:child_process";
import { python } from "../../../packages/export/test/support/python.ts";

/** Executes scripts one after the other, each with names of its own, and writes what each prints as JSON. */
const runner = `
import contextlib, io, json, sys
printed = []
for source in json.load(sys.stdin):
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        exec(source, {"__name__": "__main__"})
    printed.append(text.getvalue())
print(json.dumps(printed))
`;

const nameOf = (line: string): string => line.slice(0, line.search(/ \[| -?(?:\d|nan|inf)/));
const numbersOf = (line: string): number[] =>
  Array.from(line.slice(nameOf(line).length).matchAll(/-?(?:inf|nan|[\d.]+(?:e[-+]?\d+)?)/g), ([text]) =>
    Number(text.replace("inf", "Infinity").replace("nan", "NaN")),
  );

/**
 * The numbers that scripts of JAX print in one process of Python, by the words before them.
 *
 * @throws Error with the output of Python, if a script fails
 */
export function runJax(sources: readonly string[]): Readonly<Record<string, readonly number[]>>[] {
  const { status, stdout, stderr, error } = spawnSync(python, ["-c", runner], {
    input: JSON.stringify(sources),
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${python} must run the scripts, got ${error?.message ?? stderr}`);
  return (JSON.parse(stdout) as string[]).map((text) =>
    Object.fromEntries(
      text
        .trim()
        .split("\n")
        .map((line) => [nameOf(line), numbersOf(line)]),
    ),
  );
}

/** Whether numbers are equal up to 1e-12 of the largest of them; NaN equals NaN. */
export function areClose(got: readonly number[], wanted: readonly number[]): boolean {
  const finite = wanted.filter(Number.isFinite).map(Math.abs);
  const bound = 1e-12 * Math.max(1, ...finite);
  return (
    got.length === wanted.length &&
    wanted.every((value, i) => Object.is(value, got[i]) || Math.abs(value - got[i]) <= bound)
  );
}

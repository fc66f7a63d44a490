import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { root, tool } from "../workspace.ts";

/** Signs that a file starts processes. */
const startsProcesses = /"node:child_process"|\b(start|run)Command\(/;

/** Signs that a file needs a separate process. */
const needsProcess =
  /"node:worker_threads"|\bvi\.(mock|doMock|stubEnv|stubGlobal|useFakeTimers)\(|process\.chdir\(|process\.env\.\w+ = |memoryUsage\(/;

/** Test files as vitest finds them, by the project that runs them. */
function listed(isQuick: boolean): Map<string, string[]> {
  const env = { ...process.env, TEST_QUICK: isQuick ? "1" : "" };
  const output = execFileSync(tool("vitest"), ["list", "--filesOnly", "--json"], { cwd: root, env, encoding: "utf8" });
  const files = JSON.parse(output) as { file: string; projectName: string }[];
  const names = [...new Set(files.map(({ projectName }) => projectName))];
  const of = (name: string) => files.filter(({ projectName }) => projectName === name);
  return new Map(names.map((name) => [name, of(name).map(({ file }) => relative(root, file))]));
}

/** Every file below a folder whose name is that of a test, without those of installed packages. */
const testsIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "node_modules" ? [] : testsIn(path);
    return entry.isFile() && entry.name.endsWith(".test.ts") ? [relative(root, path)] : [];
  });

const allTests = (): string[] =>
  ["packages", "benchmarks", "tests", "page", "scripts"].flatMap((folder) => testsIn(join(root, folder)));

let [whole, quick] = [new Map<string, string[]>(), new Map<string, string[]>()];

beforeAll(() => {
  [whole, quick] = [listed(false), listed(true)];
});

describe("test files", () => {
  it("all run exactly once", () => {
    expect([...whole.values()].flat().sort()).toEqual(allTests().sort());
    expect([...whole.keys()].sort()).toEqual(["apart", "shared"]);
  });

  it("share a process only if none of them needs a separate process", () => {
    const strays = whole.get("shared")?.filter((file) => needsProcess.test(readFileSync(join(root, file), "utf8")));
    expect(strays, "list them in apartFiles of scripts/testFiles.ts").toEqual([]);
  });

  it("of a quick run share processes, start none, and are most of these files", () => {
    const shared = whole.get("shared") ?? [];
    const fast = quick.get("shared") ?? [];
    const strays = fast.filter((file) => startsProcesses.test(readFileSync(join(root, file), "utf8")));
    expect(strays, "list them in slowFiles of scripts/testFiles.ts").toEqual([]);
    expect([...quick.keys()]).toEqual(["shared"]);
    expect(shared).toEqual(expect.arrayContaining(fast));
    expect(fast.length).toBeGreaterThan(0.75 * shared.length);
  });

  it.each([
    'import { Worker } from "node:worker_threads";',
    'vi.mock("gpu.js", () => ({}));',
    'process.env.PUSHFORWARD_BACKEND = "wasm";',
  ])("are distinguished by their code: %s", (line) => {
    expect(needsProcess.test(line)).toBe(true);
  });

  it.each(['import { spawn } from "node:child_process";', 'await runCommand(["losses"]);'])(
    "that start processes are distinguished by their code: %s",
    (line) => {
      expect(startsProcesses.test(line)).toBe(true);
    },
  );
});

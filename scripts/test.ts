/**
 * Runs the tests and ends with one plain line, `N passed, N failed`. Arguments go to vitest:
 * `pnpm test packages/tensor` runs the tests of one package, `pnpm test -t matmul` the tests with a name. `pnpm test --quick` is
 * for use while working: it leaves out the files that testFiles.ts lists as apart or slow. Tests in a browser need a package of the
 * system and take minutes: a run of everything skips them, and `pnpm test --browser` runs them alone.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { browserFolders } from "./testFiles.ts";
import { isSuccess, readTotals, totalsLine } from "./testTotals.ts";
import { root, tool } from "./workspace.ts";

const folder = mkdtempSync(join(tmpdir(), "pushforward-test-"));
const totalsFile = join(folder, "totals.json");
const own = ["--", "--quick", "--browser"];
const [isQuick, isBrowser] = ["--quick", "--browser"].map((option) => process.argv.includes(option));
const named = process.argv.slice(2).filter((argument) => !own.includes(argument));
const extra = isBrowser ? [...browserFolders, ...named] : named;
/** A browser is needed by its own run, and used where a run names files. */
const browser = isBrowser
  ? { REQUIRE_BROWSER: "1" }
  : named.length === 0
    ? { SKIP_BROWSER: "1", REQUIRE_BROWSER: "" }
    : {};

const { status } = spawnSync(
  tool("vitest"),
  ["run", "--reporter=default", "--reporter=./scripts/testReporter.ts", ...extra],
  {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, TEST_TOTALS_FILE: totalsFile, TEST_QUICK: isQuick ? "1" : "", ...browser },
  },
);

const totals = readTotals(totalsFile);
rmSync(folder, { recursive: true, force: true });
if (isQuick)
  console.log(
    "quick: without files that start processes, pages or devices, and without slow ones (scripts/testFiles.ts)",
  );
if (totals.passed + totals.failed === 0) console.log("no test ran");
console.log(totalsLine(totals));
process.exitCode = status === 0 && isSuccess(totals) ? 0 : 1;

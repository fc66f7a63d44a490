import { DomainError } from "@pushforward/tensor";
import { formatVerifyReport, verify } from "@pushforward/verify";
import type { Command } from "commander";
import { startProgress } from "../run/progress.ts";
import { print, printJson } from "./output.ts";
import type { MapOptions } from "./verifyMap.ts";
import { wholeNumber } from "./wholeNumber.ts";

/** `pushforward verify [--cases N] [--json]`, `pushforward verify ./myLoss.ts` or `pushforward verify --map ./map.ts` */
export function configureVerify(command: Command): void {
  command
    .argument(
      "[losses...]",
      "check the conformance of losses instead: modules of your own, .json files of recipes that name such modules, or losses of the registry",
    )
    .option(
      "--cases <n>",
      "instances over all laws, default 10000; of each loss, default 256; of each law of --map, default 64",
    )
    .option("--seed <n>", "seed of the instances", "0")
    .option("--only <names>", "laws to check, separated by commas")
    .option(
      "--map <file>",
      "check a flow map of your own instead: the default export phi(x, s, t) of a module, optionally with velocity(x, t)",
    )
    .option("--dim <n>", "coordinates of x, for --map", "2")
    .option("--tolerance <number>", "largest residual, for --map; default 1e-9")
    .option("--json", "print JSON alone on standard output")
    .action(async (losses: readonly string[], options: VerifyOptions) => {
      if (options.map !== undefined || losses.length > 0) {
        await checkOwn(losses, options);
        return;
      }
      const cases = wholeNumber("verify", "cases", options.cases ?? "10000", 1, 1e9);
      const progress = startProgress({ label: "verify", total: cases, ...(options.json ? { plain: true } : {}) });
      try {
        const report = verify({
          cases,
          seed: wholeNumber("verify", "seed", options.seed, 0, 2 ** 31 - 1),
          only: options.only?.split(",").map((name) => name.trim()),
          onProgress: ({ done }) => progress.update(done),
        });
        progress.finish();
        if (options.json) printJson(report);
        else print(formatVerifyReport(report));
        if (report.laws.some((law) => !law.passed)) process.exitCode = 1;
      } finally {
        progress.finish();
      }
    });
}

interface VerifyOptions extends Partial<MapOptions> {
  readonly cases?: string;
  readonly seed: string;
  readonly only?: string;
  readonly json?: boolean;
  readonly dim: string;
}

/** Checks and prints the conformance of losses, or the laws of a map. */
async function checkOwn(losses: readonly string[], { map, ...options }: VerifyOptions): Promise<void> {
  if (map === undefined) return checkLosses(losses, options);
  if (losses.length === 0) return checkOwnMap({ ...options, map });
  throw new DomainError(`verify: --map must be left out where losses are named, got ${losses.join(" ")} and ${map}`);
}

/** Checks and prints the conformance of losses; a loss that fails makes the command fail. */
async function checkLosses(losses: readonly string[], options: VerifyOptions): Promise<void> {
  if (options.only !== undefined) {
    throw new DomainError(`verify: --only must be left out where losses are named: it chooses among the laws`);
  }
  const { formatLossReports, verifyLosses } = await import("./verifyLosses.ts");
  const reports = await verifyLosses(losses, {
    cases: wholeNumber("verify", "cases", options.cases ?? "256", 1, 1_000_000),
    seed: wholeNumber("verify", "seed", options.seed, 0, 2 ** 31 - 1),
  });
  if (options.json) printJson({ laws: reports });
  else print(formatLossReports(reports));
  if (reports.some(({ passed }) => !passed)) process.exitCode = 1;
}

/** Checks and prints the laws of a map; a law that fails makes the command fail. */
async function checkOwnMap(options: VerifyOptions & MapOptions): Promise<void> {
  const { formatMapReport, verifyMap } = await import("./verifyMap.ts");
  const report = await verifyMap(options, {
    cases: wholeNumber("verify", "cases", options.cases ?? "64", 1, 100_000),
    seed: wholeNumber("verify", "seed", options.seed, 0, 2 ** 31 - 1),
    dim: wholeNumber("verify", "dim", options.dim, 1, 1000),
  });
  if (options.json) printJson(report);
  else print(formatMapReport(options.map, report));
  if (!report.map.passed) process.exitCode = 1;
}

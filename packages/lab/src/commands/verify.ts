import { formatVerifyReport, verify } from "@pushforward/verify";
import type { Command } from "commander";
import { startProgress } from "../run/progress.ts";
import { print, printJson } from "./output.ts";
import type { MapOptions } from "./verifyMap.ts";
import { wholeNumber } from "./wholeNumber.ts";

/** `pushforward verify [--cases N] [--json]`, or `pushforward verify --map ./map.ts` */
export function configureVerify(command: Command): void {
  command
    .option("--cases <n>", "instances over all laws, default 10000; of each law with --map, default 64")
    .option("--seed <n>", "seed of the instances", "0")
    .option("--only <names>", "laws to check, separated by commas")
    .option(
      "--map <file>",
      "check a flow map of your own instead: the default export phi(x, s, t) of a module, optionally with velocity(x, t)",
    )
    .option("--dim <n>", "coordinates of x, for --map", "2")
    .option("--tolerance <number>", "largest residual, for --map; default 1e-9")
    .option("--json", "print JSON alone on standard output")
    .action(async (options: VerifyOptions) => {
      if (options.map !== undefined) {
        await checkOwnMap({ ...options, map: options.map });
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

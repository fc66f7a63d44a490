import { formatVerifyReport, verify } from "@pushforward/verify";
import type { Command } from "commander";
import { startProgress } from "../run/progress.ts";
import { print, printJson } from "./output.ts";
import { wholeNumber } from "./wholeNumber.ts";

/** `pushforward verify [--cases N] [--json]` */
export function configureVerify(command: Command): void {
  command
    .option("--cases <n>", "instances over all laws", "10000")
    .option("--seed <n>", "seed of the instances", "0")
    .option("--only <names>", "laws to check, separated by commas")
    .option("--json", "print JSON alone on standard output")
    .action((options: { cases: string; seed: string; only?: string; json?: boolean }) => {
      const cases = wholeNumber("verify", "cases", options.cases, 1, 1e9);
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

import { DomainError } from "@pushforward/tensor";
import type { Command } from "commander";
import { startProgress } from "../run/progress.ts";
import { formatVerifyReport, verify } from "../verify/index.ts";
import { print, printJson } from "./output.ts";

/** `pushforward verify [--cases N] [--json]` */
export function addVerify(program: Command): void {
  program
    .command("verify")
    .option("--cases <n>", "instances over all laws", "10000")
    .option("--seed <n>", "seed of the instances", "0")
    .option("--only <names>", "laws to check, separated by commas")
    .option("--json", "print JSON alone on standard output")
    .description("Check the identities of the field on random instances, each with a control that must fail.")
    .action((options: { cases: string; seed: string; only?: string; json?: boolean }) => {
      const cases = wholeNumber("cases", options.cases, 1);
      const progress = startProgress({ label: "verify", total: cases, ...(options.json ? { plain: true } : {}) });
      try {
        const report = verify({
          cases,
          seed: wholeNumber("seed", options.seed, 0),
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

function wholeNumber(name: string, text: string, low: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= low && value <= 1e9) return value;
  throw new DomainError(`verify: --${name} must be a whole number in [${low}, 1e9], got "${text}"`);
}

import { join, resolve } from "node:path";
import { DomainError } from "@pushforward/tensor";
import { Command, CommanderError } from "commander";
import { type RunResult, runBench } from "./bench.ts";
import { runGpuBench } from "./gpu/runGpuBench.ts";
import type { Group } from "./groups/group.ts";
import { groups } from "./groups/index.ts";
import { thisMachine } from "./report/machine.ts";
import { formatReport, onGpus, onProcessors, type Report } from "./report/report.ts";
import { writeReport } from "./report/writeReport.ts";
import { DisagreementError } from "./run/agreement.ts";
import { findNode } from "./run/nodeBinary.ts";
import { fullSettings, quickSettings } from "./run/settings.ts";

/** Options of the command line. */
interface CliOptions {
  readonly gpu?: boolean;
  readonly peak?: number;
  readonly browserFlag: readonly string[];
  readonly quick?: boolean;
  readonly json?: boolean;
  readonly node: readonly string[];
  readonly python: string;
  readonly guest: readonly string[];
  readonly only?: string;
  readonly output?: string;
}

const collect = (value: string, previous: readonly string[]): string[] => [...previous, value];

/** `pnpm bench [--quick] [--json] [--node <command>] …` */
export function makeProgram(): Command {
  return new Command("bench")
    .description("Measure speed and memory against other implementations, in one interleaved run.")
    .option("--gpu", "measure GPUs instead, in a page of Chromium: matmul and step")
    .option(
      "--peak <TFLOPS>",
      "with --gpu: the nominal peak of the card in float32; rows then show their fraction of it",
      parsePeak,
    )
    .option("--browser-flag <flag>", "with --gpu: a further option of Chromium's command line; repeatable", collect, [])
    .option("--quick", "fewer and shorter measurements, less than five minutes; results are not kept")
    .option("--json", 'print { "rows": […] } alone on standard output')
    .option("--node <command>", "a further Node for our rows, by path or version, with flags; repeatable", collect, [])
    .option("--python <path>", "the Python with JAX", process.env.PYTHON ?? "python3")
    .option("--guest <name=module>", "a further implementation of the step; repeatable", collect, [])
    .option("--only <groups>", `groups, separated by commas: ${groups.map(({ name }) => name).join(", ")}`)
    .option("--output <folder>", "where results are kept; default benchmarks/results, nowhere with --quick or --only")
    .exitOverride()
    .action(bench);
}

async function bench(options: CliOptions): Promise<void> {
  const machine = thisMachine(["pnpm bench", ...process.argv.slice(2)].join(" "));
  const subject = options.gpu ? onGpus : onProcessors;
  const only = options.only?.split(",").map((name) => name.trim());
  checkGroups(only, subject.groups);
  if (!options.gpu && (options.peak !== undefined || options.browserFlag.length > 0))
    throw new DomainError("bench: --peak and --browser-flag require --gpu, got them without it");
  const result = await (options.gpu ? measureGpu : measureProcessor)(options, only);
  const report: Report = { machine, ...result };
  process.stdout.write(
    `${options.json ? JSON.stringify({ rows: result.rows }, undefined, 2) : formatReport(report, subject)}\n`,
  );
  const isPartial = options.quick || only !== undefined;
  const folder = options.output ?? (isPartial ? undefined : join(import.meta.dirname, "../results"));
  if (folder) process.stderr.write(`kept in ${writeReport(report, resolve(folder), subject)}\n`);
}

const onProgress = (line: string): void => void process.stderr.write(`${line}\n`);

const measureProcessor = (options: CliOptions, only: readonly string[] | undefined): Promise<RunResult> =>
  runBench({
    settings: options.quick ? quickSettings : fullSettings,
    only,
    python: options.python,
    nodes: options.node.map(findNode),
    guests: Object.fromEntries(options.guest.map(parseGuest)),
    onProgress,
  });

const measureGpu = (options: CliOptions, only: readonly string[] | undefined): Promise<RunResult> =>
  runGpuBench({
    settings: options.quick ? quickSettings : fullSettings,
    only,
    peak: options.peak,
    browserFlags: options.browserFlag,
    onProgress,
  });

function checkGroups(only: readonly string[] | undefined, groups: readonly Group[]): void {
  const unknown = only?.find((name) => !groups.some((group) => group.name === name));
  if (unknown === undefined) return;
  const known = groups.map(({ name }) => name).join(", ");
  throw new DomainError(`bench: --only must name groups, got ${JSON.stringify(unknown)}; there are ${known}`);
}

function parsePeak(text: string): number {
  const peak = Number(text);
  if (peak > 0 && Number.isFinite(peak)) return peak;
  throw new DomainError(`bench: --peak must be a positive number of TFLOPS, got ${JSON.stringify(text)}`);
}

function parseGuest(text: string): [name: string, path: string] {
  const [name, ...path] = text.split("=");
  if (name !== "" && path.length > 0) return [name, resolve(path.join("="))];
  throw new DomainError(`bench: --guest must be <name>=<module>, got ${JSON.stringify(text)}`);
}

/**
 * Runs the command line.
 *
 * @returns the exit code: 0, or 1 with a message on standard error
 */
export async function runCli(args: readonly string[]): Promise<number> {
  try {
    await makeProgram().parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1; // commander has printed the error
    process.stderr.write(`${describe(error)}\n`);
    return 1;
  }
}

/** The text of an error: a sentence for expected errors, the whole stack for the others. */
function describe(error: unknown): string {
  if (error instanceof DomainError || error instanceof DisagreementError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

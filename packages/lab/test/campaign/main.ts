import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { exitOnSignals } from "./atExit.ts";
import { describePart, type PartReport, runPart } from "./campaign.ts";
import { parts } from "./parts.ts";
import { reliabilityPage } from "./reliabilityPage.ts";

const page = fileURLToPath(new URL("../../../../docs/reliability.md", import.meta.url));

const usage = `Usage: npx --yes pnpm@10 campaign [--minutes N] [--only PART,…] [--seed N] [--trial SEED] [--json FILE] [--docs]
Parts:
${parts.map(({ name, what }) => `  ${name.padEnd(12)} ${what}`).join("\n")}`;

function readArguments() {
  const { values } = parseArgs({
    args: process.argv.slice(2).filter((argument) => argument !== "--"),
    options: {
      minutes: { type: "string", default: "3" },
      only: { type: "string" },
      seed: { type: "string" },
      trial: { type: "string" },
      json: { type: "string" },
      docs: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  return values;
}

/** A number among the options. */
function number(name: string, text: string, isValid: (value: number) => boolean, what: string): number {
  const value = Number(text);
  if (text.trim() !== "" && isValid(value)) return value;
  throw new Error(`campaign: --${name} must be ${what}, got ${JSON.stringify(text)}`);
}

const isSeed = (value: number): boolean => Number.isInteger(value) && value >= 0 && value < 2 ** 31;

function options(values: ReturnType<typeof readArguments>) {
  const minutes = number(
    "minutes",
    values.minutes,
    (value) => value > 0 && value <= 1440,
    "a number above 0, at most 1440",
  );
  const seedText = values.seed ?? String(Date.now() % 2 ** 31);
  const seed = number("seed", seedText, isSeed, "a whole number from 0 to 2147483647");
  const trial = values.trial === undefined ? undefined : number("trial", values.trial, isSeed, "the seed of a trial");
  const names = parts.map(({ name }) => name);
  const only = values.only?.split(",") ?? names;
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`campaign: --only must be among ${names.join(", ")}, got ${unknown}`);
  return { minutes, seed, trial, chosen: parts.filter(({ name }) => only.includes(name)) };
}

async function main(): Promise<boolean> {
  const values = readArguments();
  if (values.help) {
    console.log(usage);
    return true;
  }
  const { minutes, seed, trial, chosen } = options(values);
  console.log(`campaign: ${minutes} minutes for ${chosen.map(({ name }) => name).join(", ")}, seed ${seed}`);
  const reports: PartReport[] = [];
  const shares = chosen.reduce((sum, { share = 1 }) => sum + share, 0);
  for (const part of chosen) {
    const report = await runPart(part, { seed, seconds: (60 * minutes * (part.share ?? 1)) / shares, trial });
    reports.push(report);
    console.log(describePart(report));
  }
  const only = values.only === undefined ? "" : ` --only ${values.only}`;
  const command = `npx --yes pnpm@10 campaign --minutes ${minutes}${only} --seed ${seed}`;
  const date = new Date().toISOString().slice(0, 10);
  const report = { command, date, node: process.versions.node, parts: reports };
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, undefined, 2)}\n`);
  if (values.docs) writeFileSync(page, reliabilityPage(report));
  return reports.every(({ failures }) => failures.length === 0);
}

exitOnSignals();
try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

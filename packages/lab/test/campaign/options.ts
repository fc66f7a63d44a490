import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCli } from "../../src/cli.ts";
import { hasStack } from "./command.ts";
import { definePart, hold } from "./part.ts";
import type { Random } from "./random.ts";

/** Options that every training takes, with values that keep it short. */
const general = {
  "--activation": ["silu", "tanh", "relu", "gelu"],
  "--learning-rate": ["1e-3", "1", ".5"],
  "--clip-norm": ["1e-3", "10"],
  "--ema": ["0", "0.9"],
  "--preset": ["short", "paper"],
  "--velocity": ["recipe", "teacher", "conditional"],
  "--times": ["recipe", "uniform"],
  "--target-ema": ["0", "0.99"],
  "--form": ["firstOrder", "trigFlow"],
  "--learned-weights": ["recipe", "off"],
  "--seed": ["0", "7"],
  "--dtype": ["float32", "float64"],
  "--backend": ["reference", "wasm"],
  "--log-every": ["1", "2"],
  "--checkpoint-every": ["1", "2"],
} as const satisfies Record<string, readonly string[]>;

/** Sizes that every trial has. */
const sizes = {
  "--steps": ["1", "2", "3"],
  "--teacher-steps": ["1", "2"],
  "--batch": ["1", "2", "8"],
  "--width": ["1", "4"],
  "--depth": ["1", "2"],
} as const satisfies Record<string, readonly string[]>;

/** Options that only some losses, data or commands take. */
const special = {
  "--teacher-velocity": ["learnt", "exact"],
  "--off-diagonal": ["0.25", "1"],
  "--adaptive-power": ["0", "1"],
  "--student-rate": ["0.5"],
  "--fake-updates": ["1", "2"],
  "--critic-updates": ["1", "2"],
  "--warmup-steps": ["1", "10"],
  "--pairs": ["independent", "rectified"],
  "--without-stops": ["target", "fake,target"],
  "--held-out": ["0.2", "0.5"],
  "--columns": ["x", "y,x", "0..1", "*"],
  "--header": ["yes", "no"],
  "--separator": ["comma", ";"],
  "--decimal": ["point", "comma"],
  "--data": ["mars", "missing.csv"],
} as const satisfies Record<string, readonly string[]>;

const options: Readonly<Record<string, readonly string[]>> = { ...general, ...special, ...sizes };

const strange = [
  ...["", " ", "0", "-1", "1.5", "1e999", "-1e-999", "NaN", "null", "0x10", "9007199254740993", "1,2", "nope", "*"],
  ...["__proto__", "constructor", "--json", "é\u0000", "a".repeat(500), "../..", "[", "\n"],
];

const losses = ["lsd", "meanFlow", "shortcut", "dmd", "consistencyDistillation", "localForward", "ctm"];

/** Names that train or compare refuse somewhere. */
const strangeLosses = [...losses, "teacher", "secondOrder", "cosim", "nope"];

/** Embedded problems. */
const problems = ["moons", "gaussian", "checkerboard"];

/** Some of the options with one of their values each, at most one in twelve of them strange where all need not be valid. */
function draw(random: Random, names: readonly string[], isValid: boolean): string[] {
  const value = (name: string): string =>
    !isValid && random.isTrue(0.08) ? random.choose(strange) : random.choose(options[name]);
  return [...new Set(names)].flatMap((name) => [name, value(name)]);
}

const some = (random: Random, names: readonly string[]): string[] =>
  Array.from({ length: random.whole(0, 6) }, () => random.choose(names));

/** The data of a command: mostly a file of a few rows, so that the run is judged quickly. */
function dataOf(random: Random, folder: string): string[] {
  if (random.isTrue(0.15)) return ["--data", random.choose(problems)];
  const columns = random.choose([[], [], ["--columns", random.choose(options["--columns"])]]);
  return ["--data", join(folder, "data.csv"), ...columns, ...draw(random, some(random, ["--held-out"]), true)];
}

/** A random command line: three of five are of options that go together. */
function commandOf(random: Random, folder: string): string[] {
  const isValid = random.isTrue(0.6);
  const names = isValid ? losses : strangeLosses;
  const drawn = some(random, Object.keys(isValid ? general : options));
  const tail = [
    ...draw(random, [...Object.keys(sizes), ...drawn], isValid),
    ...(!isValid && random.isTrue(0.1) ? [random.choose(strange)] : []),
    ...["--output", join(folder, "run")],
  ];
  const which = random.isTrue(0.1) ? "study" : random.choose(["train", "train", "compare"] as const);
  const first = random.choose(names);
  if (which === "train") return ["train", first, ...dataOf(random, folder), ...tail];
  if (which === "compare") {
    const second = random.choose(isValid ? names.filter((name) => name !== first) : names);
    return ["compare", first, second, "--jobs", "1", ...dataOf(random, folder), ...tail];
  }
  const settings = ["--problems", random.choose(isValid ? problems : [...problems, "mars"]), "--seeds", "1"];
  return ["compare", "--all", first, ...settings, "--jobs", "1", ...tail];
}

/** A failure in our form: a message of the command, or a line of a study's table about a training that failed. */
const isFailure = ({ code, output }: { readonly code: number; readonly output: string }): boolean =>
  code === 1 && /^pushforward: \S|^\w+ failed, seed \d+: \S/m.test(output);

/** Random options. */
export const optionSets = definePart<undefined>({
  name: "options",
  what: "Random sets of options, with strange values among them, are given to train and compare: each is a run, or one message with exit code 1, and never a stack trace.",
  setUp: async () => undefined,
  async trial(_, random, folder) {
    writeFileSync(join(folder, "data.csv"), `x,y\n${Array.from({ length: 12 }, (_, i) => `${i},${i * i}\n`).join("")}`);
    const args = commandOf(random, folder);
    const ending = await runQuietly(args);
    const { code, output } = ending;
    const shown = (): string =>
      `${args.map((argument) => JSON.stringify(argument)).join(" ")}: code ${code}: ${output.slice(-600)}`;
    hold(!hasStack(output), shown);
    hold(code === 0 || isFailure(ending), shown);
    return { [code === 0 ? "runs" : "messages"]: 1 };
  },
});

/** Runs a command in this process, since a start would cost more than the run. */
async function runQuietly(args: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  let output = "";
  const streams = [process.stdout, process.stderr] as const;
  const originals = streams.map((stream) => stream.write);
  const code = process.exitCode;
  for (const stream of streams) {
    stream.write = (text: string | Uint8Array): boolean => {
      output += typeof text === "string" ? text : Buffer.from(text).toString();
      return true;
    };
  }
  process.exitCode = undefined;
  try {
    return { code: await runCli(args), output };
  } finally {
    for (const [i, stream] of streams.entries()) stream.write = originals[i];
    process.exitCode = code;
  }
}

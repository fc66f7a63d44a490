import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCli } from "../../src/cli.ts";
import { hasStack } from "./command.ts";
import { definePart, hold } from "./part.ts";
import type { Random } from "./random.ts";

/** Options with values that are allowed somewhere; sizes that keep a training short. */
const options = {
  "--steps": ["1", "2", "3"],
  "--teacher-steps": ["1", "2"],
  "--batch": ["1", "2", "8"],
  "--width": ["1", "4"],
  "--depth": ["1", "2"],
  "--activation": ["silu", "tanh", "relu", "gelu"],
  "--learning-rate": ["1e-3", "1", ".5"],
  "--ema": ["0", "0.9"],
  "--preset": ["short", "paper"],
  "--teacher-velocity": ["learnt", "exact"],
  "--velocity": ["recipe", "teacher", "conditional"],
  "--times": ["recipe", "uniform"],
  "--off-diagonal": ["0.25", "1"],
  "--target-ema": ["0", "0.99"],
  "--adaptive-power": ["0", "1"],
  "--student-rate": ["0.5"],
  "--fake-updates": ["1", "2"],
  "--critic-updates": ["1", "2"],
  "--form": ["average", "boundary"],
  "--warmup-steps": ["1", "10"],
  "--pairs": ["independent", "rectified"],
  "--learned-weights": ["recipe", "off"],
  "--without-stops": ["target", "fake,target"],
  "--seed": ["0", "7"],
  "--dtype": ["float32", "float64"],
  "--backend": ["reference", "wasm"],
  "--log-every": ["1", "2"],
  "--checkpoint-every": ["1", "2"],
  "--held-out": ["0.2", "0.5"],
  "--columns": ["x", "y,x", "0..1", "*"],
  "--data": ["moons", "gaussian", "checkerboard", "mars", "missing.csv"],
} as const satisfies Record<string, readonly string[]>;

type Option = keyof typeof options;

const strange = [
  ...["", " ", "0", "-1", "1.5", "1e999", "-1e-999", "NaN", "null", "0x10", "9007199254740993", "1,2", "nope", "*"],
  ...["__proto__", "constructor", "--json", "é\u0000", "a".repeat(500), "../..", "[", "\n"],
];

const losses = [
  "lsd",
  "meanFlow",
  "shortcut",
  "dmd",
  "consistencyDistillation",
  "teacher",
  "secondOrder",
  "cosim",
  "nope",
];

/** Sizes that every trial has, unless another value was drawn. */
const small: readonly Option[] = ["--steps", "--teacher-steps", "--batch", "--width", "--depth"];

function optionsOf(random: Random, folder: string): string[] {
  const drawn = new Set<Option>(small);
  const names = Object.keys(options) as Option[];
  for (let left = random.whole(0, 6); left > 0; left--) drawn.add(random.choose(names));
  const value = (name: Option): string => (random.isTrue(0.08) ? random.choose(strange) : random.choose(options[name]));
  const values = [...drawn].flatMap((name) => [name, value(name)]);
  return random.isTrue(0.2) ? [...values, "--data", join(folder, "data.csv")] : values;
}

/** A random command line. */
function commandOf(random: Random, folder: string): string[] {
  const output = ["--output", join(folder, "run")];
  const tail = [...optionsOf(random, folder), ...(random.isTrue(0.1) ? [random.choose(strange)] : []), ...output];
  const which = random.choose(["train", "train", "train", "compare", "compare", "study"] as const);
  if (which === "train") return ["train", random.choose(losses), ...tail];
  if (which === "compare") return ["compare", random.choose(losses), random.choose(losses), "--jobs", "1", ...tail];
  return [
    "compare",
    "--all",
    random.choose(losses),
    "--problems",
    random.choose(["gaussian", "moons", "mars"]),
    "--seeds",
    "1",
    "--jobs",
    "1",
    ...tail,
  ];
}

/** Random options. */
export const optionSets = definePart<undefined>({
  name: "options",
  what: "Random sets of options, with strange values among them, are given to train and compare: each is a run, or one message with exit code 1, and never a stack trace.",
  setUp: async () => undefined,
  async trial(_, random, folder) {
    writeFileSync(join(folder, "data.csv"), `x,y\n${Array.from({ length: 12 }, (_, i) => `${i},${i * i}\n`).join("")}`);
    const args = commandOf(random, folder);
    const { code, output } = await runQuietly(args);
    const shown = (): string =>
      `${args.map((argument) => JSON.stringify(argument)).join(" ")}: code ${code}: ${output.slice(-600)}`;
    hold(!hasStack(output), shown);
    hold(code === 0 || (code === 1 && /^pushforward: ./m.test(output)) || /failed/.test(output), shown);
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

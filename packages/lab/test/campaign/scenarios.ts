import { statSync } from "node:fs";
import { join } from "node:path";
import { succeed, trainingsIn } from "./command.ts";

const small = ["--data", "moons", "--batch", "8", "--width", "4", "--depth", "1", "--log-every", "3"];

/** Commands that train, without their folder. */
const commands = {
  teacher: ["train", "teacher", ...small, "--steps", "900"],
  student: ["train", "lsd", ...small, "--steps", "500", "--teacher-steps", "300"],
  comparison: ["compare", "meanFlow", "shortcut", ...small, "--steps", "300", "--teacher-steps", "200"],
} as const;

export type ScenarioName = keyof typeof commands;

export const scenarioNames = Object.keys(commands) as ScenarioName[];

/** A command with the folder of its unbroken run, and how long that took until all was trained; judging follows. */
export interface Scenario {
  readonly command: readonly string[];
  readonly whole: string;
  /** In s. */
  readonly seconds: number;
}

/** Runs commands once to their end, when they are first asked for. */
export class Scenarios {
  private readonly folder: string;
  private readonly made = new Map<ScenarioName, Promise<Scenario>>();

  constructor(folder: string) {
    this.folder = folder;
  }

  get(name: ScenarioName): Promise<Scenario> {
    const known = this.made.get(name) ?? this.make(name);
    this.made.set(name, known);
    return known;
  }

  private async make(name: ScenarioName): Promise<Scenario> {
    const whole = join(this.folder, name);
    const command = commands[name];
    const begin = Date.now();
    await succeed([...command, "--output", whole]);
    const last = trainingsIn(whole).map((name) => statSync(join(whole, name, "checkpoint.safetensors")).mtimeMs);
    return { command, whole, seconds: (Math.max(...last) - begin) / 1000 };
  }
}

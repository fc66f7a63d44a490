import { join } from "node:path";
import { succeed } from "./command.ts";

const small = ["--data", "moons", "--batch", "8", "--width", "4", "--depth", "1", "--log-every", "3"];

/** Commands that train, without their folder. */
const commands = {
  teacher: ["train", "teacher", ...small, "--steps", "400"],
  student: ["train", "lsd", ...small, "--steps", "250", "--teacher-steps", "150"],
  comparison: ["compare", "meanFlow", "shortcut", ...small, "--steps", "200", "--teacher-steps", "100"],
} as const;

export type ScenarioName = keyof typeof commands;

export const scenarioNames = Object.keys(commands) as ScenarioName[];

/** A command with the folder of its unbroken run, and how long that took. */
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
    const begin = performance.now();
    await succeed([...command, "--output", whole]);
    return { command, whole, seconds: (performance.now() - begin) / 1000 };
  }
}

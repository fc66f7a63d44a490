import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { goOn, hasStack, holdSameBits, start, succeed } from "./command.ts";
import { definePart, hold } from "./part.ts";
import { Scenarios, scenarioNames } from "./scenarios.ts";

/** Signals that end a command, and those after which it goes on. */
const [ending, passing] = [["SIGINT", "SIGTERM", "SIGHUP"] as const, ["SIGPIPE", "SIGSTOP"] as const];

/** Every other signal at random moments. */
export const signals = definePart<Scenarios>({
  name: "signals",
  share: 2,
  what: "SIGINT, SIGTERM or SIGHUP at a random moment ends a run without a stack trace, and resumed it has the bits of the unbroken run; SIGPIPE, and SIGSTOP with SIGCONT, change nothing.",
  setUp: async (folder) => new Scenarios(folder),
  async trial(scenarios, random, folder) {
    const { command, whole, seconds } = await scenarios.get(random.choose(scenarioNames));
    const path = join(folder, "run");
    const train = [...command, "--output", path];
    const signal = random.choose([...ending, ...passing]);
    const running = start(train);
    const isToAll = random.isTrue();
    await sleep(1200 * seconds * random.real()); // beyond the last update: while it is judged
    running.send(signal, isToAll);
    if (signal === "SIGSTOP") {
      await sleep(1000 * random.real());
      running.send("SIGCONT", isToAll);
    }
    const outcome = await running.ended;
    await running.gone();
    hold(!hasStack(outcome.output), () => `${signal} printed a stack trace: ${outcome.output.trim().slice(-600)}`);
    if ((passing as readonly string[]).includes(signal)) {
      hold(
        outcome.code === 0,
        () => `after ${signal} ended with ${outcome.code ?? outcome.signal}: ${outcome.output.slice(-600)}`,
      );
    }
    if (outcome.code !== 0) await succeed(goOn(train, path));
    holdSameBits(path, whole);
    return { [`${signal}${isToAll ? " to all processes" : ""}`]: 1 };
  },
});

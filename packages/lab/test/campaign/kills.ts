import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { goOn, holdSameBits, start, succeed } from "./command.ts";
import { definePart } from "./part.ts";
import { Scenarios, scenarioNames } from "./scenarios.ts";

/** SIGKILL at random moments. */
export const kills = definePart<Scenarios>({
  name: "kills",
  share: 3,
  what: "A training or comparison is killed with SIGKILL three to eight times at random moments, alone or with its processes, and resumed: its checkpoints and metrics are the bits of the unbroken run.",
  setUp: async (folder) => new Scenarios(folder),
  async trial(scenarios, random, folder) {
    const name = random.choose(scenarioNames);
    const { command, whole, seconds } = await scenarios.get(name);
    const path = join(folder, "run");
    // How often checkpoints are written decides no bit, but where a kill strikes.
    const train = [...command, "--checkpoint-every", String(random.whole(1, 40)), "--output", path];
    const counts = { kills: 0, "kills before the run had begun": 0, "ends before the kill": 0, "runs resumed": 1 };
    for (let left = random.whole(3, 8); left > 0; left--) {
      const running = start(goOn(train, path));
      await sleep(1000 * seconds * random.real());
      running.send("SIGKILL", random.isTrue());
      const { signal } = await running.ended;
      await running.gone();
      counts[signal === "SIGKILL" ? "kills" : "ends before the kill"]++;
      if (!existsSync(join(path, "config.json"))) counts["kills before the run had begun"]++;
    }
    await succeed(goOn(train, path));
    holdSameBits(path, whole);
    return counts;
  },
});

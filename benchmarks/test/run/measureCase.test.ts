import { describe, expect, it } from "vitest";
import { gpuGroups } from "../../src/gpu/groups.ts";
import { stepCase } from "../../src/groups/step.ts";
import { LoadMeter } from "../../src/run/loadMeter.ts";
import { type Bench, measureCase } from "../../src/run/measureCase.ts";
import type { Answering, Competitor } from "../../src/run/pool.ts";
import { quickSettings } from "../../src/run/settings.ts";
import type { Request } from "../../src/worker/protocol.ts";

/** Competitors with given losses, and a list of their requests. */
function benchOf(losses: Readonly<Record<string, readonly number[]>>): { bench: Bench; asked: string[] } {
  const asked: string[] = [];
  const answer = async (name: string, { type }: Request): Promise<unknown> => {
    asked.push(`${type} ${name}`);
    if (type === "prepare") return { first: 1, values: losses[name] };
    return type === "run" ? { times: [2], cpu: 0 } : { figures: {} };
  };
  const pool = {
    get: ({ name }: Competitor): Answering => ({ ask: (request) => answer(name, request) as never }),
    stop: async () => {},
    stopAll: async () => {},
  };
  return { bench: { settings: { ...quickSettings, rounds: 2 }, pool, load: new LoadMeter() }, asked };
}

const competitors = [{ name: "a" }, { name: "b" }, { name: "c", absent: "absent: c" }];
const measure = (bench: Bench) => measureCase(gpuGroups("software")[1], stepCase(4, 3, "sg", []), competitors, bench);

describe("a case", () => {
  it("is measured in turns, and an absent competitor has a reason", async () => {
    const { bench, asked } = benchOf({ a: [1, 0.5], b: [1.00009, 0.5004] });
    const rows = await measure(bench);
    expect(rows.map(({ medianMs, note }) => note ?? medianMs)).toEqual([2, 2, "absent: c"]);
    const runs = asked.filter((each) => each.startsWith("run"));
    expect(runs).toEqual(["run a", "run b", "run a", "run b", "run a", "run b"]); // warming up, then two rounds
  });

  it("is not timed where first losses differ by more than 1e-4", async () => {
    const { bench, asked } = benchOf({ a: [1, 0.5], b: [1.00011, 0.5] });
    await expect(measure(bench)).rejects.toThrow(
      "results of call 1 must agree to 0.0001, got 1 from a and 1.00011 from b",
    );
    expect(asked).toEqual(["prepare a", "prepare b"]);
  });
});

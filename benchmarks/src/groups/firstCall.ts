import type { Group } from "./group.ts";
import { stepCase } from "./step.ts";

/** The time until the first result. */
export const firstCall: Group = {
  name: "firstCall",
  about:
    "The first step in a fresh process whose modules are loaded: trace, compile, run. Median over several processes; for implementations that do not compile, the first run.",
  unit: "ms",
  fraction: 0.07,
  processPer: () => "call",
  cases: () => [
    stepCase(256, 64, "full", ["ours", "otherNode", "peer", "slowPeer"]),
    stepCase(1024, 128, "sg", ["ours", "otherNode", "peer"]),
  ],
};

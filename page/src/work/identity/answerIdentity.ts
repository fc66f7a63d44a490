import { type ResidualMap, type ResidualSearch, residualSearch } from "@pushforward/verify";
import type { BenchSubject } from "../../identity/identityState.ts";
import { answerQuestions } from "../answerQuestions.ts";
import { Bench } from "./bench.ts";
import type { BenchSight, BenchSpot, PreparedBench } from "./messages.ts";

let bench: Bench | undefined;

/** Milliseconds of updates between two answers: the point and the times stay draggable while the map learns. */
const turn = 60;

function current(): Bench {
  if (!bench) throw new Error("The bench has no map yet.");
  return bench;
}

const answers = {
  /** Takes another map or velocity. */
  prepare(subject: BenchSubject): PreparedBench {
    bench = undefined;
    bench = new Bench(subject);
    return bench.prepared;
  },
  /** Takes some updates of the map; their number so far. */
  advance: (): Promise<number> => current().advance(turn),
  look: (spot: BenchSpot): BenchSight => current().look(spot),
  /** Searches for an instance that breaks the identity. */
  search: ({ map, seed, cases }: { map: ResidualMap; seed: number; cases: number }): ResidualSearch =>
    residualSearch(map, { seed, cases }),
};

/** The functions of the worker of a bench. */
export type IdentityAnswers = typeof answers;

answerQuestions(answers);

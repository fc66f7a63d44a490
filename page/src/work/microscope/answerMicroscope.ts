import type { TimeMapName } from "@pushforward/training";
import type { TangentChoice } from "../../microscope/microscopeState.ts";
import { answerQuestions } from "../answerQuestions.ts";
import type { ColoredMap, Differences, FirstOrder, Prepared, Sight, Spot, Subject } from "./messages.ts";
import { MicroscopeSubject } from "./subject.ts";

let subject: MicroscopeSubject | undefined;

/** Milliseconds of updates between two answers: points and times stay draggable while the network learns. */
const turn = 60;

function current(): MicroscopeSubject {
  if (!subject) throw new Error("The microscope has no subject yet.");
  return subject;
}

const answers = {
  /** Takes another subject. */
  prepare(chosen: Subject): Prepared {
    subject = undefined;
    subject = new MicroscopeSubject(chosen);
    return subject.prepared;
  },
  /** Takes some updates of the network; their number so far. */
  advance: (): Promise<number> => current().advance(turn),
  look: (spot: Spot): Sight => current().look(spot),
  firstOrder: (spot: Spot): FirstOrder => current().firstOrder(spot),
  map: ({ name, tangent }: { name: TimeMapName; tangent: TangentChoice }): ColoredMap => current().map(name, tangent),
  differences: (spot: Spot): Differences => current().differences(spot),
};

/** The functions of the worker of a microscope. */
export type MicroscopeAnswers = typeof answers;

answerQuestions(answers);

import type { TimeMapName } from "@pushforward/training";
import type { TangentChoice } from "../../microscope/microscopeState.ts";
import { answerQuestions } from "../answerQuestions.ts";
import type { ColoredMap, Differences, FirstOrder, Prepared, Sight, Spot, Subject } from "./messages.ts";
import { MicroscopeSubject } from "./subject.ts";

/** The subject that was chosen last; its loss may still be loading. */
let subject: Promise<MicroscopeSubject> | undefined;

/** Milliseconds of updates between two answers: points and times stay draggable while the network learns. */
const turn = 60;

function current(): Promise<MicroscopeSubject> {
  if (!subject) throw new Error("The microscope has no subject yet.");
  return subject;
}

const answers = {
  /** Takes another subject. */
  async prepare(chosen: Subject): Promise<Prepared> {
    subject = MicroscopeSubject.open(chosen);
    return (await subject).prepared;
  },
  /** Takes some updates of the network; their number so far. */
  advance: async (): Promise<number> => (await current()).advance(turn),
  look: async (spot: Spot): Promise<Sight> => (await current()).look(spot),
  firstOrder: async (spot: Spot): Promise<FirstOrder> => (await current()).firstOrder(spot),
  map: async ({ name, tangent }: { name: TimeMapName; tangent: TangentChoice }): Promise<ColoredMap> =>
    (await current()).map(name, tangent),
  differences: async (spot: Spot): Promise<Differences> => (await current()).differences(spot),
};

/** The functions of the worker of a microscope. */
export type MicroscopeAnswers = typeof answers;

answerQuestions(answers);

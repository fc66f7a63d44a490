import type { Setup } from "../setup.ts";
import { critic } from "./critic.ts";
import { fakeVelocity } from "./fakeVelocity.ts";
import type { Learner, LearnerStates } from "./learner.ts";
import { learnerGroup } from "./learnerGroup.ts";
import { sampleWeights } from "./sampleWeights.ts";
import { slowCopy } from "./slowCopy.ts";
import { stageBefore } from "./stageBefore.ts";

/** A learner, or null where the recipe has no use for it. The state of a learner concerns the learner alone. */
type Candidate = Learner<never> | null;

const present = (candidates: readonly Candidate[]): Learner[] =>
  candidates.filter((each) => each !== null) as Learner[];

/** Everything that learns beside the student. */
export function learnersOf<P>(setup: Setup<P>, params: P): Learner<LearnerStates> {
  const auxiliary = present([fakeVelocity(setup) as Candidate, critic(setup) as Candidate]);
  return learnerGroup(
    "learners",
    present([
      slowCopy(setup, params) as Candidate,
      stageBefore(setup, params) as Candidate,
      sampleWeights(setup as Setup<never>) as Candidate,
      auxiliary.length > 0 ? (learnerGroup("auxiliary", auxiliary) as Candidate) : null,
    ]),
  );
}

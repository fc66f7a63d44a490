import type { Learner, LearnerStates, StepMetrics } from "./learner.ts";

/** Several learners as one, whose state holds theirs by name. */
export function learnerGroup(name: string, learners: readonly Learner[]): Learner<LearnerStates> {
  const statesOf = (of: (learner: Learner) => unknown): LearnerStates =>
    Object.fromEntries(learners.map((learner) => [learner.name, of(learner)]));
  return {
    name,
    initial: statesOf(({ initial }) => initial),
    async before(states, student, key) {
      const next: Record<string, unknown> = { ...states };
      const metrics: Record<string, number> = {};
      for (const learner of learners) {
        const done = await learner.before?.(states[learner.name], student, key);
        if (!done) continue;
        next[learner.name] = done.state;
        Object.assign(metrics, done.metrics);
      }
      return { state: next, metrics };
    },
    begin: (states, student, step) =>
      statesOf((learner) => learner.begin?.(states[learner.name], student, step) ?? states[learner.name]),
    trained: (states) => statesOf((learner) => learner.trained?.(states[learner.name]) ?? null),
    input: (states, trained) =>
      Object.assign(
        {},
        ...learners.map((learner) => learner.input(states[learner.name], (trained as LearnerStates)?.[learner.name])),
      ),
    after: (states, { student, gradient }) =>
      statesOf((learner) => {
        const own = { student, gradient: (gradient as LearnerStates)?.[learner.name] };
        return learner.after?.(states[learner.name], own) ?? states[learner.name];
      }),
    async measure(states, student, key) {
      const measured = learners.map((learner) => learner.measure?.(states[learner.name], student, key));
      return Object.assign({}, ...(await Promise.all(measured))) as StepMetrics;
    },
  };
}

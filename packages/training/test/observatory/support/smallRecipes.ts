import { losses, type Recipe, recipe, type Term, term } from "@pushforward/losses";

const plain = { timeLaw: { kind: "uniformTriangle" }, weighting: { kind: "none" } } as const;

/** MeanFlow without weighting. */
export const meanFlowWith = (velocity: Term["velocity"]): Recipe =>
  recipe({ terms: [term({ loss: losses.meanFlow, ...plain, velocity })] });

/** Flow matching and MeanFlow, with weights and weightings of their own. */
export const mixed: Recipe = recipe({
  terms: [
    term({ loss: losses.flowMatching, fraction: 0.25, weight: 0.5 }),
    term({
      ...{ loss: losses.meanFlow, fraction: 0.75, weight: 2, timeLaw: plain.timeLaw },
      weighting: { kind: "adaptive", p: 0.5, c: 0.02 },
    }),
  ],
});

/** Flow matching at times s < t, of which it uses the first one only. */
export const flowMatchingApart: Recipe = recipe({ terms: [term({ loss: losses.flowMatching, ...plain })] });

/** Flow matching alone. */
export const flowMatchingWith = (velocity: Term["velocity"]): Recipe =>
  recipe({ terms: [term({ loss: losses.flowMatching, velocity })] });

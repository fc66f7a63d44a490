import { stopGradient } from "@pushforward/autodiff";
import { squaredNorm } from "@pushforward/tensor";
import { defineLoss, inGroups, repeatInGroups } from "../../src/index.ts";

/** ‖ mean Φ(X_s, s, t) − sg[mean X_1] ‖² of the samples of a group: the simplest loss that compares samples. */
export const groupedLoss = defineLoss({
  name: "meansOfGroups",
  label: "Means of groups",
  family: "distribution",
  learns: "flowMap",
  needs: [],
  stops: ["target"],
  optimum: "biased",
  conditionalVelocity: "unused",
  times: "sorted",
  timeLaw: { kind: "uniformTriangle" },
  tangent: null,
  group: 3,
  formula: String.raw`\left\lVert \tfrac1M \sum_i \Phi(X_s^i, s, t) - \sg{target}{\tfrac1M \sum_i X_1^i} \right\rVert^2`,
  paper: null,
  grade: "C",

  loss({ phi, xs, data, s, t, group }) {
    const [moved, wanted] = [phi(xs, s, t), data].map((x) => inGroups(x, group).mean(1));
    return repeatInGroups(squaredNorm(moved.sub(stopGradient(wanted, "target"))), group);
  },
});

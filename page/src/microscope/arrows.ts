import type { Pair, Sight } from "../work/microscope/messages.ts";
import type { ArrowLength } from "./microscopeState.ts";

/** An arrow of the scene, in data units. */
export interface Arrow {
  readonly key: string;
  /** CSS variable of its colour. */
  readonly color: string;
  readonly from: Pair;
  readonly to: Pair;
  /** Name in the legend, with what the arrow is. */
  readonly name: string;
  readonly words: string;
  readonly vector: Pair;
  readonly isDashed: boolean;
  /** Wide and pale, so that another arrow at the same place is seen on it. */
  readonly isWide?: boolean;
}

const plus = ([x, y]: Pair, [dx, dy]: Pair, scale: number): Pair => [x + scale * dx, y + scale * dy];

/** The arrows of a point: velocities from the point, and the correction from the tip of v, where it leads to the target of MeanFlow. */
export function arrowsOf(sight: Sight, x: Pair, span: number, length: ArrowLength, isExact: boolean): readonly Arrow[] {
  const scale = length === "ends" ? span : 1;
  const from = (at: Pair, vector: Pair) => ({ from: at, to: plus(at, vector, scale), vector });
  const tip = plus(x, sight.velocity, scale);
  return [
    {
      key: "exact",
      color: "--data",
      name: "exact U",
      words: "the exact average velocity from s to t",
      isDashed: false,
      isWide: true,
      ...from(x, sight.exact),
    },
    {
      key: "v",
      color: "--loss-0",
      name: "v",
      words: "the velocity at (x, s)",
      isDashed: false,
      ...from(x, sight.velocity),
    },
    {
      key: "u",
      color: "--loss-2",
      name: "u",
      words: isExact ? "the average velocity that is looked at: the exact one" : "the average velocity of the network",
      isDashed: false,
      ...from(x, sight.average),
    },
    {
      key: "correction",
      color: "--loss-3",
      name: "(t − s)·du/ds",
      words: "the correction, drawn from the tip of v",
      isDashed: true,
      ...from(tip, sight.correction),
    },
    {
      key: "target",
      color: "--loss-1",
      name: "target",
      words: "where the gradient of the loss pulls u",
      isDashed: false,
      ...from(x, sight.target),
    },
  ];
}

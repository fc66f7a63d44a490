import { printLane } from "../race/raceLink.ts";
import type { LaneChoice } from "../race/raceState.ts";
import type { SharedSettings } from "../work/race/messages.ts";
import type { BoardState } from "./boardState.ts";

/** Settings of the small race; the seed is that of the switchboard. */
export const smallRaceSettings = (seed: number): SharedSettings => ({
  steps: 600,
  batch: 256,
  learningRate: 4e-3,
  width: 64,
  seed,
});

/** A lane of the small race with a name for readers. */
export interface SmallLane extends LaneChoice {
  readonly title: string;
  readonly isOwn: boolean;
}

/** The lanes: the paper's placement and the chosen one, with the exact velocity and with that of single samples. */
export const smallLanes = ({ loss, off }: Pick<BoardState, "loss" | "off">): readonly SmallLane[] =>
  (["teacher", "conditional"] as const).flatMap((velocity) =>
    [[], off].slice(0, off.length > 0 ? 2 : 1).map((withoutStops, i): SmallLane => {
      const words = velocity === "teacher" ? "exact v" : "v of single samples";
      return { loss, withoutStops, velocity, title: `${words}, ${i === 0 ? "paper" : "yours"}`, isOwn: i === 1 };
    }),
  );

/** Why a placement cannot race, in a sentence; empty if it can. */
export const raceObstacle = ({ cuts, isCotangentsOnly }: BoardState): string =>
  cuts.length > 0
    ? "A training switches the stop-gradients of the loss only: join the cut arrows again to race."
    : isCotangentsOnly
      ? "A training differentiates in reverse mode, where this placement is the paper's."
      : "";

/** The command that trains the lanes of one velocity with the same bits. */
export function smallRaceCommand(state: BoardState, velocity: "teacher" | "conditional"): string {
  const { steps, batch, learningRate, width, seed } = smallRaceSettings(state.seed);
  const lanes = smallLanes(state).filter((lane) => lane.velocity === velocity);
  const options = [
    "--data eightGaussians --teacher-velocity exact",
    `--velocity ${velocity} --steps ${steps} --batch ${batch} --learning-rate ${learningRate}`,
    `--width ${width} --seed ${seed} --backend wasm`,
  ];
  return `npx --yes pnpm@10 pushforward compare ${lanes.map(printLane).join(" ")} ${options.join(" ")}`;
}

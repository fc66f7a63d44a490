import { printLane } from "./raceLink.ts";
import type { RaceState } from "./raceState.ts";

/** The command line that trains the lanes of a race with the same bits; undefined for data that only the page has. */
export function raceCommand(
  { data, lanes, settings, times, backend }: RaceState,
  isExact: boolean,
): string | undefined {
  if (data.kind !== "embedded") return undefined;
  const names = lanes.map(printLane);
  const options = [
    `--data ${data.name}`,
    ...(isExact ? ["--teacher-velocity exact"] : [`--teacher-steps ${settings.steps}`]),
    `--steps ${settings.steps}`,
    `--batch ${settings.batch}`,
    `--learning-rate ${settings.learningRate}`,
    `--width ${settings.width}`,
    `--seed ${settings.seed}`,
    ...(times === "uniform" ? [] : [`--times ${times}`]),
    `--backend ${backend}`,
  ];
  return `npx --yes pnpm@10 pushforward compare ${names.join(" ")} ${options.join(" ")}`;
}

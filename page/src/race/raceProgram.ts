import type { RaceState } from "./raceState.ts";

/** A program on the packages that trains the lanes of a race with the same bits; undefined for data that only the page has. */
export function raceProgram(
  { data, lanes, settings, times, backend }: RaceState,
  isExact: boolean,
): string | undefined {
  if (data.kind !== "embedded") return undefined;
  const shared = {
    ...settings,
    ...(isExact ? { teacherVelocity: "exact" } : { teacherSteps: settings.steps }),
    ...(times === "uniform" ? {} : { times }),
    backend,
  };
  const rows = lanes.map(
    ({ loss, withoutStops }) => `  ["${loss}", ${JSON.stringify(withoutStops.length > 0 ? { withoutStops } : {})}],`,
  );
  const lines = [
    `import { recipes } from "@pushforward/losses";`,
    `import { builtinProblems, judgeTrained, train } from "@pushforward/training";`,
    "",
    `const settings = ${JSON.stringify(shared)} as const;`,
    "const lanes = [",
    ...rows,
    "] as const;",
    "for (const [loss, more] of lanes) {",
    `  const trained = await train(recipes[loss], builtinProblems["${data.name}"](), { ...settings, ...more });`,
    "  console.log(loss, trained.losses.at(-1), judgeTrained(trained));",
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

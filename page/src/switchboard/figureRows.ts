import type { BoardFigures } from "../work/switchboard/boardTypes.ts";

/** The figures as rows of a table: velocity, placement, group, figure, value. */
export const figureRows = (figures: BoardFigures): (string | number)[][] =>
  (["exact", "single"] as const).flatMap((velocity) =>
    (["paper", "chosen"] as const).flatMap((placement) => {
      const { value, groups, blocked, modes } = figures[placement][velocity];
      const row = (group: string, figure: string, number: number): (string | number)[] => [
        ...[velocity, placement, group, figure],
        number,
      ];
      return [
        row("all", "value", value),
        ...groups.flatMap(({ group, ...numbers }) => Object.entries(numbers).map(([name, x]) => row(group, name, x))),
        ...Object.entries(blocked).map(([label, length]) => row("all", `blocked at ${label}`, length)),
        row("all", "jacfwd − jacrev", modes.gap),
      ];
    }),
  );

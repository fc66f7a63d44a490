import type { BoardState } from "./boardState.ts";

/** A program that prints the figures of a switchboard. */
export function boardTypeScript({ loss, off, cuts, isCotangentsOnly, seed }: BoardState): string {
  const places = cuts.map((cut, i) => {
    const uses = cut.split(" ").map((place) => {
      const [equation, operand] = place.split(".");
      return `{ equation: ${equation}, operand: ${operand} }`;
    });
    return `{ label: "cut ${i + 1}", uses: [${uses.join(", ")}] }`;
  });
  const lines = [
    `import { losses } from "@pushforward/losses";`,
    `import { builtinProblems, lossPlacements } from "@pushforward/training";`,
    "",
    "const problem = builtinProblems.eightGaussians();",
    "const placement = {",
    `  withoutStops: ${JSON.stringify(off)},`,
    `  cuts: [${places.join(", ")}],`,
    `  isCotangentsOnly: ${isCotangentsOnly},`,
    "};",
    `for (const velocity of ["exact", "conditional"] as const) {`,
    `  const board = lossPlacements(losses.${loss}, { problem, velocity }, ${seed});`,
    "  console.log(velocity, board.measure(placement));",
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

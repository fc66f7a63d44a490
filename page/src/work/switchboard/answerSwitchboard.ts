import type { ProgramCut } from "@pushforward/autodiff";
import {
  arrowPath,
  type LossPlacements,
  layoutGraph,
  lossPlacements,
  type Placement,
  type PlacementFigures,
  planeProblems,
  programGraph,
} from "@pushforward/training";
import { answerQuestions } from "../answerQuestions.ts";
import { lossOf } from "../recipeOf.ts";
import type { BoardDrawing, BoardFigures, BoardInput, DrawInput } from "./boardTypes.ts";

/** The loss that was opened last, with both velocities. */
let opened: { readonly key: string; readonly exact: LossPlacements; readonly single: LossPlacements } | undefined;

async function boardOf({ loss: name, seed }: Pick<BoardInput, "loss" | "seed">) {
  const loss = await lossOf(name);
  const key = `${name} ${seed}`;
  if (opened?.key === key) return opened;
  const problem = planeProblems.eightGaussians();
  const of = (velocity: "exact" | "conditional"): LossPlacements => lossPlacements(loss, { problem, velocity }, seed);
  opened = { key, exact: of("exact"), single: of("conditional") };
  return opened;
}

/** The cut of a text: places of operands, joined by spaces. */
const cutOf = (text: string, at: number): ProgramCut => ({
  label: `cut ${at + 1}`,
  uses: text.split(" ").map((place) => {
    const [equation, operand] = place.split(".").map(Number);
    return { equation, operand };
  }),
});

async function draw({ opened: names, ...input }: DrawInput): Promise<BoardDrawing> {
  const { program, stops, isTruthKnown } = (await boardOf(input)).exact;
  const { width, height, boxes, edges } = layoutGraph(programGraph(program, { expand: names }));
  return {
    ...{ width, height, stops, isTruthKnown },
    boxes: boxes.map(({ box, ...place }) => ({ ...place, ...box })),
    edges: edges.map(({ edge, points }) => ({
      ...edge,
      ...arrowPath(points),
      middle: points[Math.floor(points.length / 2)],
      cut: edge.uses.map(({ equation, operand }) => `${equation}.${operand}`).join(" "),
    })),
  };
}

const paper: Placement = { withoutStops: [], cuts: [] };

async function measure({ off, cuts, isCotangentsOnly, ...input }: BoardInput): Promise<BoardFigures> {
  const chosen: Placement = { withoutStops: off, cuts: cuts.map(cutOf), isCotangentsOnly };
  const board = await boardOf(input);
  const both = (placement: Placement): Record<"exact" | "single", PlacementFigures> => ({
    exact: board.exact.measure(placement),
    single: board.single.measure(placement),
  });
  return { paper: both(paper), chosen: both(chosen) };
}

const answers = { draw, measure };

/** The functions of the worker of a switchboard. */
export type SwitchboardAnswers = typeof answers;

answerQuestions(answers);

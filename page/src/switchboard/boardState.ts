/** An operand of the program, or several of one arrow, as text: `equation.operand`, joined by spaces. */
export type CutText = string;

/** Everything that a link of a switchboard restores. */
export interface BoardState {
  readonly loss: string;
  /** Labels of stop-gradients that are off. */
  readonly off: readonly string[];
  readonly cuts: readonly CutText[];
  /** Names of the parts that are opened to equations. */
  readonly opened: readonly string[];
  /** Whether stop-gradients cut cotangents only. */
  readonly isCotangentsOnly: boolean;
  readonly seed: number;
}

/** The first scene: MeanFlow without its stop-gradient. */
export const firstBoard: BoardState = {
  loss: "meanFlow",
  off: ["target"],
  cuts: [],
  opened: [],
  isCotangentsOnly: false,
  seed: 1,
};

/** Most cuts of a placement. */
export const mostCuts = 12;

/** Largest seed. */
export const largestSeed = 9999;

/** A prepared placement. */
export interface Preset {
  readonly name: string;
  readonly hint: string;
  of(stops: readonly string[]): Pick<BoardState, "off" | "cuts" | "isCotangentsOnly">;
}

/** The prepared placements of a loss; `all` cuts everything into the result, through the label that the pane adds. */
export const presets: readonly Preset[] = [
  {
    name: "Paper",
    hint: "the stop-gradients of the paper",
    of: () => ({ off: [], cuts: [], isCotangentsOnly: false }),
  },
  {
    name: "None",
    hint: "no stop-gradient at all",
    of: (stops) => ({ off: stops, cuts: [], isCotangentsOnly: false }),
  },
  {
    name: "PyTorch no_grad",
    hint: "the paper's stop-gradients cut cotangents only: reverse mode stops there, forward mode does not",
    of: () => ({ off: [], cuts: [], isCotangentsOnly: true }),
  },
];

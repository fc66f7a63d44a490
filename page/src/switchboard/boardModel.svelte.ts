import { type Asker, startAsking } from "../work/ask.svelte.ts";
import { newest } from "../work/newest.ts";
import type { SwitchboardAnswers } from "../work/switchboard/answerSwitchboard.ts";
import type { BoardDrawing, BoardFigures, BoardInput, DrawInput } from "../work/switchboard/boardTypes.ts";
import { type BoardState, mostCuts } from "./boardState.ts";

/** The state of a switchboard, with the drawing and the figures of its worker. */
export class BoardModel {
  private now = $state.raw<BoardState>() as BoardState;
  drawing = $state.raw<BoardDrawing>();
  figures = $state.raw<BoardFigures>();
  /** Whether the figures are those of the state. */
  isCurrent = $state(false);
  /** Why there is no result, in a sentence; empty if there is one. */
  message = $state("");
  private readonly worker: Asker<SwitchboardAnswers>;
  private readonly draw: (input: DrawInput) => void;
  private readonly measure: (input: BoardInput) => void;

  constructor(state: BoardState) {
    this.now = state;
    this.worker = startAsking<SwitchboardAnswers>("switchboard");
    const fail = ({ message }: Error): void => {
      this.message = message;
      this.isCurrent = true;
    };
    this.draw = newest(
      (input: DrawInput) => this.worker.ask("draw", input),
      (drawing) => {
        this.drawing = drawing;
      },
      fail,
    );
    this.measure = newest(
      (input: BoardInput) => this.worker.ask("measure", input),
      (figures, input) => {
        this.figures = figures;
        this.isCurrent = JSON.stringify(input) === JSON.stringify(this.measured);
      },
      fail,
    );
    this.compute();
  }

  state(): BoardState {
    return this.now;
  }

  private get measured(): BoardInput {
    const { opened: _opened, ...input } = this.now;
    return input;
  }

  private compute(): void {
    this.message = "";
    this.isCurrent = false;
    const { loss, seed, opened } = this.now;
    this.draw({ loss, seed, opened });
    this.measure(this.measured);
  }

  load(state: BoardState): void {
    this.now = state;
    this.compute();
  }

  change(change: Partial<BoardState>): void {
    this.load({ ...this.now, ...change });
  }

  /** Another loss as its paper has it. */
  setLoss(loss: string): void {
    this.change({ loss, off: [], cuts: [], opened: [], isCotangentsOnly: false });
  }

  /** Switches the stop-gradients of a label. */
  toggleStop(label: string): void {
    const stops = this.drawing?.stops ?? [];
    const isOff = this.now.off.includes(label);
    const off = isOff ? this.now.off.filter((each) => each !== label) : [...this.now.off, label];
    this.change({ off: stops.filter((each) => off.includes(each)) });
  }

  /** Cuts an arrow, or joins it again. */
  toggleCut(cut: string): void {
    const { cuts } = this.now;
    if (cuts.includes(cut)) this.change({ cuts: cuts.filter((each) => each !== cut) });
    else if (cuts.length < mostCuts) this.change({ cuts: [...cuts, cut] });
    else this.message = `At most ${mostCuts} arrows can be cut; join one again first.`;
  }

  /** Opens a part of the program to its equations, or closes it. */
  toggleOpened(name: string): void {
    const { opened } = this.now;
    this.change({ opened: opened.includes(name) ? opened.filter((each) => each !== name) : [...opened, name] });
  }

  close(): void {
    this.worker.close();
  }
}

import { nextTurn } from "@pushforward/training";
import type { Picture } from "../../paint/paintPoints.ts";
import { digest } from "../digest.ts";
import type { Easel } from "../easel.ts";
import { Lane } from "./lane.ts";
import type { LaneChange, LaneTraining, Result, View } from "./messages.ts";

/** Milliseconds of updates between two looks at messages. */
const longestTurn = 12;
/** Milliseconds from the start of one picture to the start of the next while updates run: six lanes on two cores then show about twenty in a second. */
const pictureTime = 16;

/** The view before the page chooses one. */
const firstView: View = { show: "samples", evaluations: 1, time: 0 };

/** Takes updates of a lane when it is told to, paints its samples and reports its figures. */
export class LaneRunner {
  private readonly easel: Easel;
  private readonly report: (result: Result) => void;
  private opening: Promise<Lane> | undefined;
  private lane: Lane | undefined;
  private until = 0;
  private isRunning = false;
  /** Time at which the last picture was begun. */
  private paintedAt = 0;
  /** The state that is shown; undefined for the newest. */
  private shown: number | undefined;
  private view: View = firstView;

  constructor(easel: Easel, report: (result: Result) => void) {
    this.easel = easel;
    this.report = report;
  }

  async prepare(training: LaneTraining): Promise<void> {
    this.lane = undefined;
    this.until = 0;
    this.shown = undefined;
    this.opening = Lane.open(training);
    const lane = await this.opened();
    if (!lane) return;
    this.lane = lane;
    this.reportIdle(lane);
  }

  /** The lane that is being prepared; undefined if another training was prepared meanwhile, whose errors are the only ones of interest. */
  private async opened(): Promise<Lane | undefined> {
    const { opening } = this;
    try {
      const lane = await opening;
      return opening === this.opening ? lane : undefined;
    } catch (error) {
      if (opening === this.opening) throw error;
      return undefined;
    }
  }

  /** Goes on with other values; a training that is still being prepared begins with them. */
  async change(change: LaneChange): Promise<void> {
    (await this.opened())?.change(change);
  }

  show(update: number | undefined): void {
    this.shown = update;
    this.refresh();
  }

  setView(view: View): void {
    this.view = view;
    this.refresh();
  }

  /** Paints anew; while updates run, the next picture is due soon. */
  refresh(): void {
    if (this.lane && !this.isRunning) this.reportIdle(this.lane);
  }

  /** Takes updates up to a number of them. */
  async run(until: number): Promise<void> {
    this.until = until;
    await this.opened();
    if (this.isRunning || !this.lane) return;
    this.isRunning = true;
    try {
      while (this.lane && this.hasMore(this.lane)) await this.runTurns(this.lane);
    } finally {
      this.isRunning = false;
    }
    if (this.lane) this.reportIdle(this.lane);
  }

  private hasMore(lane: Lane): boolean {
    return !lane.isFinished && lane.done < this.until;
  }

  /** Takes updates until a picture is due, which is then counted from the start of the last one: painting takes a part of the time. */
  private async runTurns(lane: Lane): Promise<void> {
    do {
      const turn = performance.now();
      while (lane === this.lane && this.hasMore(lane) && performance.now() - turn < longestTurn) await lane.step();
      await nextTurn();
    } while (lane === this.lane && this.hasMore(lane) && performance.now() - this.paintedAt < pictureTime);
    if (lane !== this.lane) return;
    this.paint(lane);
    this.report({ kind: "figures", figures: lane.figures(this.shown) });
  }

  private paint(lane: Lane): Picture | undefined {
    this.paintedAt = performance.now();
    return this.easel.paint(lane.scene(this.shown, this.view));
  }

  private reportIdle(lane: Lane): void {
    const picture = this.paint(lane);
    const digests = {
      losses: digest(Float64Array.from(lane.losses)),
      samples: digest(lane.samples(this.shown)?.dataSync() ?? new Float32Array()),
      pixels: picture && digest(picture.pixels),
    };
    this.report({ kind: "idle", figures: lane.figures(this.shown), digests, bySteps: lane.bySteps(this.shown) });
  }
}

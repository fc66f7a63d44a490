import type { StateOwner } from "../linkedState.svelte.ts";
import type { Data, RaceBackend, SharedSettings, TimesLaw, View } from "../work/race/messages.ts";
import { coordinatesOf } from "./grid.ts";
import { LaneModel } from "./laneModel.svelte.ts";
import { type DataChoice, type LaneChoice, mostLanes, type RaceState } from "./raceState.ts";

/** A text file of the reader. */
export interface OwnFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A race: its lanes, the data and settings that they share, and its clock. */
export class RaceModel implements StateOwner<RaceState> {
  data = $state<DataChoice>({ kind: "file" });
  settings = $state<SharedSettings>({ learningRate: 0, width: 0, batch: 0, steps: 0, seed: 0 });
  times = $state<TimesLaw>("uniform");
  backend = $state<RaceBackend>("wasm");
  view = $state<View>({ show: "samples", evaluations: 1, time: 0 });
  lanes = $state<LaneModel[]>([]);
  file = $state.raw<OwnFile>();
  isPlaying = $state(false);
  /** Updates of the kept states that are shown; undefined for the newest states. */
  shown = $state<number>();
  private nextId = 0;

  constructor(state: RaceState) {
    this.load(state);
  }

  /** Updates of the lane that is ahead. */
  get done(): number {
    return Math.max(0, ...this.lanes.map(({ figures }) => figures?.done ?? 0));
  }

  get isFinished(): boolean {
    return this.lanes.every(({ figures, message }) => message !== "" || (figures?.done ?? 0) >= this.settings.steps);
  }

  /** The part of the race that a link restores. */
  state(): RaceState {
    const lanes = this.lanes.map(({ loss, withoutStops }) => ({ loss, withoutStops }));
    const { data, settings, times, backend, view } = this;
    return { data, lanes, settings, times, backend, view };
  }

  load({ data, lanes, settings, times, backend, view }: RaceState): void {
    this.close();
    [this.data, this.settings, this.times, this.backend, this.view] = [data, settings, times, backend, view];
    this.lanes = lanes.map((lane) => this.openLane(lane));
    this.restart();
  }

  close(): void {
    for (const { client } of this.lanes) client.close();
  }

  private openLane(choice: LaneChoice): LaneModel {
    const lane = new LaneModel(this.nextId++, choice, () => this.rest());
    lane.setView(this.view);
    return lane;
  }

  /** The clock stops when no lane has updates to take. */
  private rest(): void {
    if (this.isFinished) this.isPlaying = false;
  }

  /** The data for workers; undefined if the file of a link has not been chosen yet. */
  private get workerData(): Data | undefined {
    const { data, file } = this;
    if (data.kind === "embedded") return data;
    if (data.kind === "drawn") return { kind: "drawn", points: coordinatesOf(data.places) };
    return file && { kind: "file", ...file };
  }

  restart(): void {
    this.isPlaying = false;
    this.shown = undefined;
    for (const lane of this.lanes) this.prepare(lane);
  }

  private prepare(lane: LaneModel): void {
    const data = this.workerData;
    if (data) {
      const { settings, times, backend } = this;
      lane.prepare({ data, settings, times, backend });
      if (this.isPlaying) lane.run(this.settings.steps);
    } else lane.message = "The data of this race are a file of the reader; choose the file again.";
  }

  /** Takes all updates; a finished race begins again. */
  play(): void {
    if (this.isFinished) this.restart();
    this.isPlaying = true;
    this.showUpdate(undefined);
    for (const lane of this.runnable) lane.run(this.settings.steps);
  }

  pause(): void {
    this.isPlaying = false;
    for (const lane of this.runnable) lane.run(0);
  }

  /** One update of the lane that is ahead; the others follow to the same update. */
  step(): void {
    this.showUpdate(undefined);
    const until = this.done + 1;
    for (const lane of this.runnable) lane.run(until);
  }

  private get runnable(): LaneModel[] {
    return this.lanes.filter(({ message }) => message === "");
  }

  /** Shows the newest kept states of at most so many updates, or the newest states. */
  showUpdate(update: number | undefined): void {
    if (update === this.shown) return;
    this.shown = update;
    for (const { client } of this.lanes) client.send({ kind: "show", update });
  }

  setData(data: DataChoice, file?: OwnFile): void {
    [this.data, this.file] = [data, file ?? this.file];
    this.restart();
  }

  /** A learning rate holds from the next update on; other settings restart the race. */
  setSetting(name: keyof SharedSettings, value: number): void {
    this.settings = { ...this.settings, [name]: value };
    if (name !== "learningRate") this.restart();
    else for (const lane of this.lanes) this.change(lane);
  }

  private change({ client, withoutStops }: LaneModel): void {
    const labels = $state.snapshot(withoutStops) as string[];
    const { settings, times } = this;
    client.send({ kind: "change", change: { learningRate: settings.learningRate, withoutStops: labels, times } });
  }

  /** Other times hold from the next update on. */
  setTimes(times: TimesLaw): void {
    this.times = times;
    for (const lane of this.lanes) this.change(lane);
  }

  /** Another backend restarts the race: backends round differently. */
  setBackend(backend: RaceBackend): void {
    this.backend = backend;
    this.restart();
  }

  setView(view: View): void {
    this.view = view;
    for (const lane of this.lanes) lane.setView(view);
  }

  /** Switches a stop-gradient of a lane; it holds from the next update on. */
  setStop(lane: LaneModel, label: string, isOn: boolean): void {
    lane.withoutStops = isOn ? lane.withoutStops.filter((each) => each !== label) : [...lane.withoutStops, label];
    this.change(lane);
  }

  setLoss(lane: LaneModel, loss: string): void {
    [lane.loss, lane.withoutStops] = [loss, []];
    this.prepare(lane);
  }

  addLane(choice: LaneChoice): void {
    if (this.lanes.length >= mostLanes) return;
    const lane = this.openLane(choice);
    this.lanes.push(lane);
    this.prepare(lane);
  }

  removeLane(lane: LaneModel): void {
    lane.client.close();
    this.lanes = this.lanes.filter((each) => each.id !== lane.id);
    this.rest();
  }
}

import { type Client, startClient } from "../work/client.ts";
import type {
  LaneDigests,
  LaneFigures,
  LaneTraining,
  Message,
  Request,
  StepsMark,
  View,
} from "../work/race/messages.ts";
import type { LaneChoice } from "./raceState.ts";

/** A lane of a race: its worker, and the newest messages of the worker. */
export class LaneModel {
  readonly id: number;
  loss = $state("");
  withoutStops = $state<readonly string[]>([]);
  figures = $state<LaneFigures>();
  digests = $state<LaneDigests>();
  /** Errors after 1, 2, 4 … steps, of the state that was shown when the lane came to rest. */
  bySteps = $state.raw<readonly StepsMark[]>([]);
  /** No updates run. */
  isIdle = $state(true);
  /** Why the lane stands still, in a sentence; empty if it can go on. */
  message = $state("");
  readonly client: Client<Request>;
  private readonly velocity: LaneChoice["velocity"];
  /** Number of trainings that were prepared. */
  private preparations = 0;

  /** @param onIdle called when the updates that were asked for are taken */
  constructor(id: number, { loss, withoutStops, velocity }: LaneChoice, onIdle: () => void) {
    this.id = id;
    this.loss = loss;
    this.withoutStops = withoutStops;
    this.velocity = velocity;
    this.client = startClient<Request, Message>("race", {
      onMessage: (message) => this.receive(message, onIdle),
      onFailure: (sentence) => this.receive({ kind: "failed", message: sentence }, onIdle),
    });
  }

  private receive(result: Message, onIdle: () => void): void {
    if (result.number !== undefined && result.number !== this.preparations) return;
    if (result.kind === "failed") {
      this.message = result.message;
    } else {
      this.figures = result.figures;
      // Digests of an earlier rest are not those of the updates that run now.
      this.digests = result.kind === "idle" ? result.digests : undefined;
      if (result.kind === "idle") this.bySteps = result.bySteps;
    }
    this.isIdle = result.kind !== "figures";
    if (this.isIdle) onIdle();
  }

  /** Prepares the training at its start. */
  prepare(shared: Pick<LaneTraining, "data" | "settings" | "times" | "backend">): void {
    this.figures = undefined;
    this.digests = undefined;
    this.bySteps = [];
    this.message = "";
    const { loss, withoutStops, velocity } = this;
    const training = $state.snapshot({ ...shared, loss, withoutStops, velocity }) as never;
    this.client.send({ kind: "prepare", training, number: ++this.preparations });
  }

  setView(view: View): void {
    this.client.send({ kind: "view", view: $state.snapshot(view) });
  }

  run(until: number): void {
    this.isIdle = false;
    this.digests = undefined;
    this.client.send({ kind: "run", until });
  }
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { DomainError } from "@pushforward/tensor";
import { describeError } from "../describeError.ts";
import { entry } from "../entry.ts";
import { perform, type Task } from "./task.ts";
import { type WorkerMessage, workerWord } from "./worker.ts";

/** Most characters of the error output of a failed process, counted from its end. */
const errorTailLength = 2000;

/** A task fails if this many new processes end before they begin it. */
const maxStarts = 3;

/** Callbacks about the progress of tasks. */
export interface TaskListener {
  /** Called with the number of finished updates of a task. */
  onProgress(task: Task, done: number): void;
  /** Called once for each failed task, with the reason; if it throws, no further task is begun. */
  onFailure(task: Task, reason: string): void;
  /** Called once for each finished task. */
  onSuccess?(task: Task): void;
}

/**
 * Does tasks, several at a time. Each process does several tasks one after the other, so that only its first task waits for its
 * start. Small steps gain more from processes with equal shares of the cores than from threads. With one job at a time, this process does all tasks.
 */
export class Processes {
  private readonly jobs: number;
  private readonly threads: number;
  private readonly idle: Worker[] = [];
  private readonly workers = new Set<Worker>();
  private isClosed = false;

  /** @param jobs tasks at a time */
  constructor(jobs: number) {
    this.jobs = jobs;
    this.threads = Math.max(1, Math.floor(availableParallelism() / jobs));
  }

  /** Does all tasks; they begin in their order. */
  async run(tasks: readonly Task[], listener: TaskListener): Promise<void> {
    const waiting = [...tasks];
    const loop = async (): Promise<void> => {
      for (let task = waiting.shift(); task && !this.isClosed; task = waiting.shift()) {
        const reason = await this.reasonOfFailure(task, (done) => listener.onProgress(task as Task, done));
        if (this.isClosed) return;
        if (reason === undefined) listener.onSuccess?.(task);
        else listener.onFailure(task, reason);
      }
    };
    await Promise.all(Array.from({ length: Math.min(this.jobs, tasks.length) }, loop));
  }

  /** Ends all processes at once: trainings that they began can be resumed. */
  close(): void {
    this.isClosed = true;
    for (const worker of this.workers) worker.end();
  }

  /** A living process without a task. Processes that have ended are removed. */
  private idleWorker(): Worker | undefined {
    for (let worker = this.idle.pop(); worker; worker = this.idle.pop()) {
      if (worker.isAlive) return worker;
      this.workers.delete(worker);
    }
    return undefined;
  }

  /**
   * Does one task; undefined if it succeeds. If a process ends before it begins the task, e.g. because an idle process was killed a moment
   * ago, the task does not fail: another process does it.
   */
  private async reasonOfFailure(task: Task, onProgress: (done: number) => void): Promise<string | undefined> {
    if (this.jobs === 1) return perform(task, { onProgress }).then(() => undefined, describeError);
    for (let starts = 0; ; ) {
      const idle = this.idleWorker();
      if (!idle) starts++;
      const worker = idle ?? new Worker(this.threads);
      this.workers.add(worker);
      const { isBegun, reason } = await worker.perform(task, onProgress);
      if (worker.isAlive) this.idle.push(worker);
      else this.workers.delete(worker);
      if (isBegun || starts >= maxStarts || this.isClosed) return reason;
    }
  }
}

/** Outcome of a task in a process. */
interface Outcome {
  /** Whether the process sent a message after it received the task. */
  readonly isBegun: boolean;
  /** Why the task failed; undefined if it succeeded. */
  readonly reason?: string;
}

/** One process that does one task at a time. */
class Worker {
  private readonly child: ChildProcess;
  private readonly ended: Promise<string>;
  private errors = "";

  constructor(threads: number) {
    this.child = spawn(process.execPath, [entry, workerWord], {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      env: { PUSHFORWARD_THREADS: String(threads), ...process.env },
    });
    this.child.stderr!.on("data", (chunk: Buffer) => {
      this.errors = (this.errors + chunk.toString()).slice(-errorTailLength);
    });
    this.ended = once(this.child, "close").then(
      ([code, signal]) => `its process ended with ${code === null ? signal : `code ${code}`}: ${this.errors.trim()}`,
      describeError,
    );
  }

  get isAlive(): boolean {
    return this.child.connected && this.child.exitCode === null && this.child.signalCode === null;
  }

  end(): void {
    this.child.kill();
  }

  async perform(task: Task, onProgress: (done: number) => void): Promise<Outcome> {
    let isBegun = false;
    let listen: (message: unknown) => void = () => undefined;
    const answered = new Promise<string | undefined>((resolve) => {
      listen = (message) => {
        isBegun = true;
        const event = message as WorkerMessage;
        if ("done" in event) onProgress(event.done);
        else if ("failed" in event) resolve(event.failed);
        else if ("isFinished" in event) resolve(undefined);
      };
    });
    this.child.on("message", listen);
    this.child.send(task, () => undefined); // if the process has ended, `ended` resolves below
    try {
      const reason = await Promise.race([answered, this.ended]);
      return { isBegun, reason };
    } finally {
      this.child.off("message", listen);
    }
  }
}

/** A failure of a task as an error. */
export const failure = (command: string, { path }: Task, reason: string): DomainError =>
  new DomainError(`${command}: training ${path} failed: ${reason}`);

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { DomainError } from "@pushforward/tensor";
import { describeError } from "../describeError.ts";
import { entry } from "../entry.ts";
import { perform, type Task } from "./task.ts";
import { type WorkerMessage, workerWord } from "./worker.ts";

/** The end of what a failed process wrote that is shown. */
const shownError = 2000;

/** New processes that may end before they begin a task until the task counts as failed: something keeps them from starting. */
const mostStarts = 3;

/** Told how tasks go on. */
export interface TaskListener {
  /** Called with the updates of a task that are done. */
  onProgress(task: Task, done: number): void;
  /** Called once for each task that failed, with a sentence that says why; if it throws, no further task is begun. */
  onFailure(task: Task, reason: string): void;
  /** Called once for each task that was done. */
  onSuccess?(task: Task): void;
}

/**
 * Does tasks, several at a time. Each of the processes takes one task after the other, so that none but the first waits for it to
 * start; small steps gain more from processes with equal shares of the cores than from threads. One job at a time is done in
 * this process.
 */
export class Processes {
  private readonly jobs: number;
  private readonly threads: number;
  private readonly idle: Worker[] = [];
  private readonly all = new Set<Worker>();
  private isClosed = false;

  /** @param jobs tasks at a time */
  constructor(jobs: number) {
    this.jobs = jobs;
    this.threads = Math.max(1, Math.floor(availableParallelism() / jobs));
  }

  /** Does all tasks, in their order as far as several at a time have one. */
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

  /** Ends all processes, whatever they are doing: what they began can be resumed. */
  close(): void {
    this.isClosed = true;
    for (const worker of this.all) worker.end();
  }

  /** A process that waits; one that has ended meanwhile is forgotten. */
  private idleWorker(): Worker | undefined {
    for (let worker = this.idle.pop(); worker; worker = this.idle.pop()) {
      if (worker.isAlive) return worker;
      this.all.delete(worker);
    }
    return undefined;
  }

  /**
   * Does one task; undefined if all went well. A process that ends before it begins the task is no failure of the task, e.g. one
   * that waited and was killed a moment ago: the task goes to another process.
   */
  private async reasonOfFailure(task: Task, onProgress: (done: number) => void): Promise<string | undefined> {
    if (this.jobs === 1) return perform(task, { onProgress }).then(() => undefined, describeError);
    for (let starts = 0; ; ) {
      const idle = this.idleWorker();
      if (!idle) starts++;
      const worker = idle ?? new Worker(this.threads);
      this.all.add(worker);
      const { isBegun, reason } = await worker.perform(task, onProgress);
      if (worker.isAlive) this.idle.push(worker);
      else this.all.delete(worker);
      if (isBegun || starts >= mostStarts || this.isClosed) return reason;
    }
  }
}

/** What came of a task in a process. */
interface Outcome {
  /** Whether the process gave a sign of life after it got the task. */
  readonly isBegun: boolean;
  /** Why the task failed; undefined if all went well. */
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
      this.errors = (this.errors + chunk.toString()).slice(-shownError);
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
        const said = message as WorkerMessage;
        if ("done" in said) onProgress(said.done);
        else if ("failed" in said) resolve(said.failed);
        else if ("isFinished" in said) resolve(undefined);
      };
    });
    this.child.on("message", listen);
    this.child.send(task, () => undefined); // one that has ended says so below
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

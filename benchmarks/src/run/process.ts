import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { type Answers, answerPrefix, type Request } from "../worker/protocol.ts";
import type { Answering } from "./pool.ts";

/** Length of the kept end of standard error. */
const shownError = 2000;

/** The command of a process. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

/** A process that answers requests, one at a time. */
export class ImplementationProcess implements Answering {
  private readonly child: ChildProcessWithoutNullStreams;
  private errors = "";
  private ended: Error | undefined;
  private waiting: { resolve(text: string): void; reject(error: Error): void } | undefined;

  constructor({ file, args }: Command) {
    this.child = spawn(file, args, { stdio: ["pipe", "pipe", "pipe"] });
    this.child.stderr.on("data", (chunk: Buffer) => {
      this.errors = (this.errors + chunk.toString()).slice(-shownError);
    });
    this.child.stdin.on("error", () => {}); // the exit of the process has a better message
    createInterface({ input: this.child.stdout }).on("line", (line) => {
      if (line.startsWith(answerPrefix)) this.waiting?.resolve(line.slice(answerPrefix.length));
    });
    this.child.on("error", (error) => this.end(error.message));
    this.child.on("close", (code, signal) => this.end(`ended with ${signal ?? `code ${code}`}`));
  }

  /**
   * @param limit ms after which the process is killed
   * @throws Error with the error of the process, or with its exit
   */
  async ask<T extends Request["type"]>(request: Extract<Request, { type: T }>, limit: number): Promise<Answers[T]> {
    if (this.ended) throw this.ended;
    const timer = setTimeout(() => {
      this.end(`no answer to ${request.type} within ${Math.round(limit / 1000)} s`);
      this.child.kill("SIGKILL");
    }, limit);
    try {
      const text = await new Promise<string>((resolve, reject) => {
        this.waiting = { resolve, reject };
        this.child.stdin.write(`${JSON.stringify(request)}\n`);
      });
      const answer = JSON.parse(text) as Answers[T] | { error: string };
      if ("error" in answer) throw new Error(answer.error);
      return answer;
    } finally {
      clearTimeout(timer);
      this.waiting = undefined;
    }
  }

  /** Lets the process end by itself, and kills it if it does not. */
  async stop(limit = 2000): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const closed = new Promise<void>((resolve) => this.child.once("close", () => resolve()));
    const timer = setTimeout(() => this.child.kill("SIGKILL"), limit);
    this.child.stdin.end();
    await closed;
    clearTimeout(timer);
  }

  private end(how: string): void {
    this.ended ??= new Error(this.waiting === undefined ? how : [how, ...lastWords(this.errors)].join(": "));
    this.waiting?.reject(this.ended);
  }
}

/** The line with the error: the last line that contains the word error, otherwise the last line. */
function lastWords(errors: string): string[] {
  const lines = errors.split("\n").filter((line) => line.trim() !== "");
  const telling = lines.filter((line) => /^\S*error|^fatal|^killed/i.test(line.trim())).at(-1) ?? lines.at(-1);
  return telling === undefined ? [] : [telling.trim()];
}

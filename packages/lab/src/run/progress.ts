import { Presets, SingleBar } from "cli-progress";

/** A display of the progress of a long job. */
export interface Progress {
  /** @param done units done so far @param note a few words beside the bar, such as the loss */
  update(done: number, note?: string): void;
  /** Ends the display; the bar stays where it is. */
  finish(): void;
}

/** Settings of {@link startProgress}. */
export interface ProgressOptions {
  /** Name of the job: "teacher", "meanFlow". */
  readonly label: string;
  /** Units of the whole job, e.g. optimiser steps. */
  readonly total: number;
  /** Units done by an earlier process; the time left is estimated from this process alone. Default 0. */
  readonly done?: number;
  /** No bar, plain lines only; for --json. Default: whether the stream is not a terminal. */
  readonly plain?: boolean;
  /** Seconds between plain lines. Default 15. */
  readonly interval?: number;
  /** Default standard error: standard output carries results alone. */
  readonly stream?: NodeJS.WriteStream;
  /** Milliseconds of a clock that only goes forward. Default performance.now. */
  readonly now?: () => number;
}

/** Starts showing progress with the time left: a bar on a terminal, an occasional line elsewhere. */
export function startProgress(options: ProgressOptions): Progress {
  const { stream = process.stderr, done = 0, now = () => performance.now() } = options;
  let first: { readonly time: number; readonly done: number } | undefined;
  // The time before the first update is that of starting and compiling: it says nothing about later updates.
  const timeLeft = (current: number): number | undefined => {
    if (current <= done) return undefined;
    first ??= { time: now(), done: current };
    const work = current - first.done;
    return work > 0 ? ((now() - first.time) / 1000 / work) * (options.total - current) : undefined;
  };
  return (options.plain ?? !stream.isTTY) ? plainLines(options, stream, now, timeLeft) : bar(options, stream, timeLeft);
}

type TimeLeft = (current: number) => number | undefined;

const steady = { barsize: 28, fps: 8, hideCursor: false, linewrap: true };

function bar(options: ProgressOptions, stream: NodeJS.WriteStream, timeLeft: TimeLeft): Progress {
  const { label, total, done = 0 } = options;
  const line = new SingleBar(
    // The cursor stays visible and the bar cuts lines itself: no state of the terminal must be restored when a process ends.
    { stream, format: `${label.padEnd(14)} {bar} {percentage} %  {left}{note}`, ...steady },
    Presets.rect,
  );
  line.start(total, done, { left: "", note: "" });
  return {
    update: (current, note) =>
      line.update(current, { left: describeLeft(timeLeft(current)), note: note ? `  ${note}` : "" }),
    finish: () => line.stop(),
  };
}

function plainLines(
  options: ProgressOptions,
  stream: NodeJS.WriteStream,
  now: () => number,
  timeLeft: TimeLeft,
): Progress {
  const { label, total, interval = 15 } = options;
  let last = now();
  return {
    update(current, note) {
      const left = timeLeft(current);
      if (now() - last < interval * 1000) return;
      last = now();
      const percent = Math.floor((100 * current) / total);
      const parts = [`${current}/${total} (${percent} %)`, describeLeft(left), note];
      writeLine(stream, `${label}: ${parts.filter(Boolean).join(", ")}\n`);
    },
    finish: () => undefined,
  };
}

/** Writes to a stream that may be closed or on a full disk; an error there must not end a training. */
function writeLine(stream: NodeJS.WriteStream, line: string): void {
  try {
    stream.write(line);
  } catch {
    // writes to files are synchronous and throw
  }
}

const describeLeft = (seconds: number | undefined): string =>
  seconds === undefined ? "" : `${formatSeconds(seconds)} left`;

/** A duration for a person: "8 s", "2 min 05 s", "1 h 12 min". @param seconds duration in s */
export function formatSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (n: number): string => String(n).padStart(2, "0");
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}

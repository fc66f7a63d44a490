import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { formatSeconds, startProgress } from "../../src/run/progress.ts";

/** A stream that keeps what is written, and a clock that is set by hand. */
function setting(isTTY: boolean) {
  const written: string[] = [];
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 100 }) as unknown as NodeJS.WriteStream;
  stream.on("data", (chunk) => written.push(String(chunk)));
  const clock = { seconds: 0 };
  return { written, stream, clock, now: () => 1000 * clock.seconds };
}

describe("progress", () => {
  it("writes a plain line now and then without a terminal", () => {
    const { written, stream, clock, now } = setting(false);
    const progress = startProgress({ label: "teacher", total: 400, stream, now, interval: 10 });
    for (let done = 1; done <= 400; done++) {
      clock.seconds = done / 10;
      progress.update(done, "loss 0.5");
    }
    progress.finish();
    expect(written).toEqual([
      "teacher: 100/400 (25 %), 30 s left, loss 0.5\n",
      "teacher: 200/400 (50 %), 20 s left, loss 0.5\n",
      "teacher: 300/400 (75 %), 10 s left, loss 0.5\n",
      "teacher: 400/400 (100 %), 0 s left, loss 0.5\n",
    ]);
  });

  it("prints nothing about a short job without a terminal", () => {
    const { written, stream, clock, now } = setting(false);
    const progress = startProgress({ label: "teacher", total: 10, stream, now });
    clock.seconds = 3;
    progress.update(10);
    progress.finish();
    expect(written).toEqual([]);
  });

  it("judges the time left of a resumed run by its own steps", () => {
    const { written, stream, clock, now } = setting(false);
    const progress = startProgress({ label: "lsd", total: 400, done: 300, stream, now, interval: 1 });
    clock.seconds = 10;
    progress.update(310);
    clock.seconds = 20;
    progress.update(320);
    expect(written.slice(1)).toEqual(["lsd: 320/400 (80 %), 1 min 20 s left\n"]);
  });

  it.each([1, 20])(
    "does not count the start and the compiling before the first update, of %d units, as work",
    (units) => {
      const { written, stream, clock, now } = setting(false);
      const progress = startProgress({ label: "lsd", total: 10_000, stream, now, interval: 0 });
      clock.seconds = 5; // a start of 5 s, then 1000 units per second
      progress.update(units);
      clock.seconds = 5 + units / 1000;
      progress.update(2 * units);
      clock.seconds = 7;
      progress.update(2000 + units);
      expect(written).toEqual([
        `lsd: ${units}/10000 (0 %)\n`,
        `lsd: ${2 * units}/10000 (0 %), 10 s left\n`,
        `lsd: ${2000 + units}/10000 (20 %), 8 s left\n`,
      ]);
    },
  );

  it("keeps the cursor and the wrapping of a terminal, and a line within its width", () => {
    const { written, stream, clock, now } = setting(true);
    Object.assign(stream, { columns: 30 });
    const progress = startProgress({ label: "meanFlow", total: 100, stream, now });
    clock.seconds = 1;
    progress.update(50, "loss 0.123456789 and more");
    progress.finish();
    for (const code of ["?25l", "?7l"]) expect(written.join("")).not.toContain(code);
    expect(written.join("")).toContain("■ ");
    for (const text of written) expect(text.length).toBeLessThanOrEqual(30);
  });

  it("goes on where a line cannot be written", () => {
    const { stream, now } = setting(false);
    Object.assign(stream, {
      write: () => {
        throw new Error("ENOSPC");
      },
    });
    const progress = startProgress({ label: "lsd", total: 10, stream, now, interval: 0 });
    expect(() => progress.update(5)).not.toThrow();
  });

  it("draws a bar with the time left on a terminal", () => {
    const { written, stream, clock, now } = setting(true);
    const progress = startProgress({ label: "meanFlow", total: 100, stream, now });
    clock.seconds = 1;
    progress.update(10);
    clock.seconds = 5;
    progress.update(50, "loss 0.5");
    progress.finish();
    const text = written.join("");
    expect(text).toContain("meanFlow");
    expect(text).toContain("50 %  5 s left  loss 0.5");
  });

  it("draws no bar on a terminal that was asked for plain lines", () => {
    const { written, stream, clock, now } = setting(true);
    const progress = startProgress({ label: "meanFlow", total: 100, plain: true, stream, now });
    progress.update(10);
    clock.seconds = 20;
    progress.update(50);
    progress.finish();
    expect(written).toEqual(["meanFlow: 50/100 (50 %), 25 s left\n"]);
  });
});

describe("formatSeconds", () => {
  it("speaks in seconds, minutes and hours", () => {
    expect([0.4, 59.4, 59.6, 125, 3599.7, 4320].map(formatSeconds)).toEqual([
      "0 s",
      "59 s",
      "1 min 00 s",
      "2 min 05 s",
      "1 h 00 min",
      "1 h 12 min",
    ]);
  });
});

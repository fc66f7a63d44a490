import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeFileAtomic } from "../../src/run/atomicFile.ts";
import { openMetricsLog, readMetrics } from "../../src/run/metricsLog.ts";
import { type WriteBytes, writeWhole } from "../../src/run/writeWhole.ts";
import { temporaryFolder } from "./temporaryFolder.ts";

const full = (): never => {
  throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
};

/** Writes at most some bytes at a time, and none beyond a room that is shared by all its writes. */
function narrow(most: number, room = Number.POSITIVE_INFINITY): WriteBytes {
  return (file, bytes, offset) => {
    if (room === 0) full();
    const taken = writeSync(file, bytes, offset, Math.min(most, room, bytes.length - offset));
    room -= taken;
    return taken;
  };
}

describe("writeWhole", () => {
  it.each([1, 2, 3, 7, 100])("writes every byte when the system takes %i at a time", (most) => {
    const path = join(temporaryFolder(), "file");
    const file = openSync(path, "w");
    writeWhole(file, Buffer.from("0123456789"), narrow(most));
    closeSync(file);
    expect(readFileSync(path, "utf8")).toBe("0123456789");
  });

  it.each([
    ["an error", narrow(4, 7)],
    ["no byte taken", () => 0],
  ] as const)("throws at %s instead of writing a part in silence", (_, write) => {
    const file = openSync(join(temporaryFolder(), "file"), "w");
    expect(() => writeWhole(file, Buffer.from("0123456789"), write)).toThrow();
    closeSync(file);
  });
});

describe("a full disk", () => {
  it.each([0, 1, 5, 9])("leaves the old content of a file and no partial one after %i bytes", (room) => {
    const path = join(temporaryFolder(), "file");
    writeFileAtomic(path, "old content");
    expect(() => writeFileAtomic(path, "new content", { write: narrow(4, room) })).toThrow(`${path}: the disk is full`);
    expect(readFileSync(path, "utf8")).toBe("old content");
  });

  it("leaves whole lines of metrics, wherever the disk becomes full, and the log goes on from there", () => {
    const line = (step: number): string => `${JSON.stringify({ step, loss: 1 / step })}\n`;
    const whole = [1, 2, 3].map(line).join("");
    for (let room = 0; room < whole.length; room++) {
      const path = join(temporaryFolder(), "metrics.jsonl");
      const log = openMetricsLog(path, 0, narrow(6, room));
      let done = 0;
      const appendAll = (): void => {
        for (const step of [1, 2, 3]) {
          log.append({ step, loss: 1 / step });
          done = step;
        }
      };
      expect(appendAll).toThrow("the disk is full");
      expect(readFileSync(path, "utf8")).toBe(whole.slice(0, log.end().bytes));
      expect(readMetrics(path).length).toBe(done);
      log.close();
      const later = openMetricsLog(path, done);
      for (let step = done + 1; step <= 3; step++) later.append({ step, loss: 1 / step });
      later.close();
      expect(readFileSync(path, "utf8")).toBe(whole);
    }
  });
});

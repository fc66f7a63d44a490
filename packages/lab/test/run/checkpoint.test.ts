import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fromData } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { readCheckpoint, writeCheckpoint } from "../../src/run/checkpoint.ts";
import { temporaryFolder } from "./temporaryFolder.ts";

const tensors = {
  "student.w": fromData(Float32Array.of(1.5, -2, 3.25, 1e-30, -0, 7), [2, 3]),
  "student.b": fromData(Float64Array.of(Math.PI, Number.NaN, Infinity), [3]),
  count: fromData(Int32Array.of(-5), []),
};
const file = (): string => join(temporaryFolder(), "checkpoint.safetensors");

describe("checkpoint", () => {
  it("gives back every bit, the step and the notes", () => {
    const path = file();
    writeCheckpoint(path, { step: 1200, tensors, metadata: { best: "0.031", zeros: "0".repeat(64) } });
    const checkpoint = readCheckpoint(path)!;
    expect(checkpoint.step).toBe(1200);
    expect(checkpoint.metadata).toEqual({ best: "0.031", zeros: "0".repeat(64) });
    expect(Object.keys(checkpoint.tensors).sort()).toEqual(Object.keys(tensors).sort());
    for (const [name, tensor] of Object.entries(tensors)) {
      expect(checkpoint.tensors[name].shape).toEqual(tensor.shape);
      expect(checkpoint.tensors[name].dataSync()).toEqual(tensor.dataSync());
    }
  });

  it("is undefined before the first one", () => {
    expect(readCheckpoint(file())).toBeUndefined();
  });

  it("notices any changed byte, wherever it is", () => {
    const path = file();
    writeCheckpoint(path, { step: 3, tensors });
    const bytes = readFileSync(path);
    for (let at = 0; at < bytes.length; at += 3) {
      const broken = Buffer.from(bytes);
      broken[at] ^= 1 << (at % 8);
      writeFileSync(path, broken);
      expect(() => readCheckpoint(path), `byte ${at}`).toThrow(`checkpoint: ${path} is damaged`);
    }
    writeFileSync(path, bytes);
    expect(readCheckpoint(path)!.step).toBe(3);
  });

  it("notices missing and added bytes", () => {
    const path = file();
    writeCheckpoint(path, { step: 3, tensors });
    const bytes = readFileSync(path);
    writeFileSync(path, Buffer.concat([bytes, Buffer.of(0)]));
    expect(() => readCheckpoint(path)).toThrow("its content does not match its checksum");
    for (const length of [bytes.length - 1, 40, 7, 0]) {
      writeFileSync(path, bytes);
      truncateSync(path, length);
      expect(() => readCheckpoint(path), `${length} bytes`).toThrow(`checkpoint: ${path} is damaged`);
    }
  });

  it("refuses a safetensors file that is none of ours", () => {
    const path = file();
    const header = Buffer.from('{"__metadata__":{"step":"3"}}');
    writeFileSync(path, Buffer.concat([Buffer.of(header.length, 0, 0, 0, 0, 0, 0, 0), header]));
    expect(() => readCheckpoint(path)).toThrow("it has no readable header with a checksum");
  });

  it("keeps the previous one until the new one is whole", () => {
    const path = file();
    writeCheckpoint(path, { step: 1, tensors });
    writeFileSync(`${path}.partial`, readFileSync(path).subarray(0, 100)); // killed while writing step 2
    expect(readCheckpoint(path)!.step).toBe(1);
    writeCheckpoint(path, { step: 2, tensors });
    expect(readCheckpoint(path)!.step).toBe(2);
    expect(readdirSync(join(path, ".."))).toEqual(["checkpoint.safetensors"]);
  });

  it("is whole whenever its writer is killed", async () => {
    const path = file();
    const reached = await killDuringWrites(path, 3);
    expect(existsSync(path)).toBe(true);
    const { step, tensors: read } = readCheckpoint(path)!;
    expect(step).toBeGreaterThanOrEqual(reached);
    expect(read.w.dataSync().every((value) => value === step)).toBe(true);
  });
});

/** Starts a process that writes one checkpoint after another and kills it after some of them. @returns the last said */
function killDuringWrites(path: string, count: number): Promise<number> {
  const writer = fileURLToPath(new URL("./checkpointWriter.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", writer, path], { stdio: ["ignore", "pipe", "inherit"] });
  let last = 0;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    last = Number(text.trim().split("\n").at(-1));
    if (last >= count) child.kill("SIGKILL");
  });
  return new Promise((resolve, reject) => {
    child.on("exit", (_code, signal) =>
      signal === "SIGKILL" ? resolve(last) : reject(new Error("the writer stopped")),
    );
  });
}

import { describe, expect, it } from "vitest";
import { ImplementationProcess } from "../../src/run/process.ts";

/** A process that runs some JavaScript. */
const running = (code: string): ImplementationProcess =>
  new ImplementationProcess({ file: process.execPath, args: ["-e", code] });

const ask = (child: ImplementationProcess, limit = 20_000): Promise<unknown> =>
  child.ask<"describe">({ type: "describe" }, limit);

/** Answers every line with some JSON, after chatter. */
const answering = (json: string): string =>
  `process.stdin.on("data", () => console.log("chatter\\n@answer " + ${JSON.stringify(json)}))`;

describe("ImplementationProcess", () => {
  it("finds the answer among what else is printed, and again", async () => {
    const child = running(answering('{"description":"a"}'));
    expect(await ask(child)).toEqual({ description: "a" });
    expect(await ask(child)).toEqual({ description: "a" });
    await child.stop();
    await child.stop();
  });

  it("an error of the process is thrown by ask", async () => {
    const child = running(answering('{"error":"cannot"}'));
    await expect(ask(child)).rejects.toThrow("cannot");
    await child.stop();
  });

  it("a crash is an error with its last words, then and later", async () => {
    const child = running('process.stdin.on("data", () => { console.error("out of memory"); process.exit(3); })');
    await expect(ask(child)).rejects.toThrow("ended with code 3: out of memory");
    await expect(ask(child)).rejects.toThrow("ended with code 3");
    await child.stop();
  });

  it("a process without an answer is ended", async () => {
    const child = running("setInterval(() => {}, 1000)");
    await expect(ask(child, 300)).rejects.toThrow("no answer to describe within");
    await child.stop();
  });

  it("a process that cannot be started is an error", async () => {
    const child = new ImplementationProcess({ file: "/no/such/program", args: [] });
    await expect(ask(child)).rejects.toThrow("ENOENT");
    await child.stop();
  });
});

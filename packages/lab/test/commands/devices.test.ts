import { describe, expect, it } from "vitest";
import { runHere } from "../support/command.ts";

describe("pushforward devices", () => {
  it("lists the processor first, with its vectors", async () => {
    const { code, stdout } = await runHere(["devices"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^wasm {4}processor, SIMD \d+ bits/);
    if (!stdout.includes("gpujs"))
      expect(stdout).toMatch(/\nNo GPU answered: gpu\.js and, in Node, webgpu must be installed/);
  });

  it("prints JSON alone where it is asked to", async () => {
    const { stdout } = await runHere(["devices", "--json"]);
    expect(JSON.parse(stdout)[0]).toMatchObject({ backend: "wasm", isSoftware: true });
  });
});

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

describe("threads", () => {
  it("let a process end by itself", () => {
    const script = fileURLToPath(new URL("./threadedScript.ts", import.meta.url));
    const output = execFileSync(process.execPath, ["--import", "tsx", script], { encoding: "utf8", timeout: 300_000 });
    expect(output.trim()).toBe("4 threads");
  });
});

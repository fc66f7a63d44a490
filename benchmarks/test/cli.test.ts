import { afterEach, describe, expect, it, vi } from "vitest";
import { runCli } from "../src/cli.ts";

/** Runs the command and returns its exit code with what it wrote to standard error. */
async function run(...args: string[]): Promise<{ code: number; errors: string }> {
  let errors = "";
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    errors += String(text);
    return true;
  });
  return { code: await runCli(args), errors };
}

describe("the command line", () => {
  afterEach(() => vi.restoreAllMocks());

  it.each([
    [["--only", "step,nope"], 'bench: --only must name groups, got "nope"; there are step, matmul, '],
    [["--guest", "alone"], 'bench: --guest must be <name>=<module>, got "alone"'],
    [["--node", "/no/such/node"], 'bench: --node must be a path or a version, followed by flags, got "/no/such/node"'],
    [["--gpu", "--only", "memory"], 'bench: --only must name groups, got "memory"; there are matmul, step'],
    [["--gpu", "--peak", "fast"], 'bench: --peak must be a positive number of TFLOPS, got "fast"'],
    [["--peak", "60"], "bench: --peak and --browser-flag require --gpu, got them without it"],
    [["--nonsense"], "unknown option '--nonsense'"],
  ])("%s ends with code 1 and a sentence", async (args, message) => {
    const { code, errors } = await run(...args);
    expect(code).toBe(1);
    expect(errors).toContain(message);
    expect(errors).not.toContain("    at ");
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { runCommand, runHere } from "../support/command.ts";

const folder = mkdtempSync(join(tmpdir(), "maps-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const playground = fileURLToPath(new URL("../../../../playground/myMap.ts", import.meta.url));

/** Writes the example of the playground, changed. */
function writeMap(name: string, from: string, to: string): string {
  const text = readFileSync(playground, "utf8");
  expect(text).toContain(from);
  writeFileSync(join(folder, name), text.replace(from, to));
  return join(folder, name);
}

describe("verify --map", () => {
  it("passes the example, and its controls pass and fail as they must", { timeout: 60_000 }, async () => {
    const { code, stdout } = await runCommand(["verify", "--map", playground, "--json"]);
    expect(code).toBe(0);
    const { map, exact, network } = JSON.parse(stdout);
    const names = ["identity", "semigroup", "inverse", "tangent", "forward", "backward", "duality"];
    expect(Object.keys(map.laws)).toEqual(names);
    for (const name of names) {
      expect([name, map.laws[name].passed, exact.laws[name].passed]).toEqual([name, true, true]);
      expect([name, network.laws[name].passed]).toEqual([name, name === "identity"]);
    }
  });

  it("names the laws that a wrong map or velocity breaks, with the simplest case", async () => {
    const wrong = await runHere([
      "verify",
      "--map",
      writeMap("wrong.ts", "exp(sub(s, t))", "exp(sub(s, t)).add(sub(t, s).square())"),
    ]);
    expect(wrong.code).toBe(1);
    expect(wrong.stdout).toMatch(/ok +identity/);
    for (const law of ["semigroup", "inverse", "forward", "backward", "duality"]) {
      expect(wrong.stdout).toMatch(new RegExp(`FAILED +${law}`));
      expect(wrong.stdout).toMatch(new RegExp(`  ${law}: x = \\(.*\\), s = .*t = .*: residual`));
    }
    const fast = await runHere(["verify", "--map", writeMap("fast.ts", "neg(x);", "neg(x).mul(1.1);")]);
    expect(fast.stdout).toMatch(/FAILED +forward/);
    expect(fast.stdout).toMatch(/ok +duality/);
    const loose = await runHere(["verify", "--map", join(folder, "fast.ts"), "--tolerance", "10"]);
    expect(loose.code).toBe(0);
  });

  it("checks fewer laws without a velocity", async () => {
    const { code, stdout } = await runHere([
      "verify",
      "--map",
      writeMap("bare.ts", "export const velocity", "export const v"),
    ]);
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/forward|backward +\d/);
    expect(stdout).toMatch(/ok +duality/);
  });

  it("refuses modules that hold no map, in one line", async () => {
    writeFileSync(join(folder, "none.ts"), "export const x = 1;\n");
    const cases: [string[], RegExp][] = [
      [
        ["--map", join(folder, "none.ts")],
        /none\.ts must have a flow map phi\(x, s, t\) as its default export, got none/,
      ],
      [["--map", join(folder, "missing.ts")], /missing\.ts must be a module of your own, got no such file/],
      [["--map", writeMap("shape.ts", "x.mul(exp(sub(s, t)))", "s")], /shape\.ts: /],
      [
        ["--map", writeMap("speed.ts", "(x: Tensor): Tensor => neg(x)", "3")],
        /speed\.ts must have a function velocity\(x, t\)/,
      ],
      [["--map", playground, "--tolerance", "-1"], /--tolerance must be a number above 0, got "-1"/],
      [["--map", playground, "--dim", "0"], /--dim must be a whole number from 1/],
    ];
    for (const [args, message] of cases) {
      const { code, stderr } = await runHere(["verify", ...args]);
      expect([code, stderr]).toEqual([1, expect.stringMatching(message)]);
      expect(stderr).toMatch(/^pushforward: .*\n$/);
    }
  });
});

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TargetName, targets } from "@pushforward/export";
import { formatSafetensors, parseSafetensors } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { python, reasonToSkip } from "../../../export/test/support/python.ts";
import { runHere } from "../support/command.ts";
import { tinyRuns } from "../support/tinyRuns.ts";

const runs = tinyRuns();
const path = (name: string, ...names: string[]): string => join(runs.path(name), ...names);
const exportTo = (loss: string, output: string, ...options: string[]) =>
  runHere(["export", loss, "--to", "jax", "--output", path(output), ...options]);
const read = (name: string, file: string): string => readFileSync(path(name, file), "utf8");

describe("export", () => {
  it("writes a loss, its check and a guide", async () => {
    const { stdout } = await exportTo("meanFlow", "meanFlow");
    expect(stdout).toContain("holds loss.py, check.py, load.py, expected.safetensors, README.md");
    expect(read("meanFlow", "loss.py")).toContain(
      'target = jax.lax.stop_gradient(v + (t - s) * dU)  # stop "target", [dim]',
    );
    expect(read("meanFlow", "README.md")).toContain(
      "value, grads = jax.value_and_grad(objective)(params, xs, v, s, t)",
    );
  });

  it("leaves out stop-gradients, by variant and by option", async () => {
    await exportTo("meanFlow@-target", "variant");
    await exportTo("mean-flow", "option", "--without-stops", "target");
    expect(read("variant", "loss.py")).toBe(read("option", "loss.py"));
    expect(read("variant", "loss.py")).not.toContain("stop_gradient");
  });

  it("writes the networks of a run too, unless --open is given", async () => {
    await runHere(["train", "scmDistillation", "--output", runs.path("scm"), ...runs.settings]);
    const closed = await exportTo(runs.path("scm"), "closed", "--steps", "2");
    expect(closed.stdout).toContain("loss.py, program.py, params.safetensors, check.py");
    const program = read("closed", "program.py");
    for (const name of ["network", "sample", "loss", "gradient"]) expect(program).toContain(`def ${name}(p, `);
    expect(program.match(/= network\(p, /g)?.length).toBe(2);
    const { tensors } = parseSafetensors(readFileSync(path("closed", "params.safetensors")));
    expect(tensors["params.layers[0].weight"].dtype).toBe("float32");
    const open = await exportTo(runs.path("scm"), "open", "--open");
    expect(open.stdout).not.toContain("program.py");
  });

  it("writes a run whose variant leaves out a stop-gradient of an own loss", { timeout: 60_000 }, async () => {
    const module = path("ownLoss.ts");
    await runHere(["init", "loss", module]);
    const trained = await runHere(["train", `${module}@-target`, "--output", runs.path("own"), ...runs.settings]);
    expect(trained.stderr).toBe("");
    await exportTo(runs.path("own"), "ownExport", "--open");
    expect(read("ownExport", "loss.py")).not.toContain("stop_gradient");
  });

  it("refuses networks without a run, and both forms at once", async () => {
    const closed = await exportTo("meanFlow", "none", "--closed");
    expect(closed.stderr).toContain('export: --closed needs the folder of a training run, got "meanFlow"');
    const both = await exportTo("meanFlow", "none", "--closed", "--open");
    expect(both.stderr).toContain("export: --open and --closed exclude each other");
  });

  it("refuses an unknown framework and a folder that holds anything", async () => {
    const unknown = await runHere(["export", "meanFlow", "--to", "jex"]);
    expect(unknown.stderr).toContain('export: --to must be one of jax, torch, got "jex"');
    const full = await runHere(["export", "meanFlow", "--to", "jax", "--output", path("")]);
    expect(full.stderr).toContain("must be an empty folder, got one that holds");
  });

  it.skipIf(!existsSync("/proc/self"))(
    "ends where a folder cannot be made, also on a system of processes",
    async () => {
      const { code, stderr } = await runHere([
        "export",
        "meanFlow",
        "--to",
        "jax",
        "--output",
        "/proc/pushforward/meanFlow",
      ]);
      expect(code).toBe(1);
      expect(stderr).toContain("export: cannot use /proc/pushforward/meanFlow");
    },
  );
});

const check = (name: string) => spawnSync(python, [path(name, "check.py")], { encoding: "utf8" });

/** The part of a text that is a stop-gradient. */
const stops = { jax: "jax.lax.stop_gradient", torch: ".detach()" } as const satisfies Record<TargetName, string>;

describe.each(Object.keys(targets) as TargetName[])("check.py of an export to %s", (to) => {
  const reason = reasonToSkip(targets[to].module);
  const title = (words: string): string => words + (reason ? ` (skipped: ${reason})` : "");
  const exportAs = (loss: string, output: string) => runHere(["export", loss, "--to", to, "--output", path(output)]);

  it.skipIf(reason)(title("accepts the export as it is"), async () => {
    await exportAs("ayfEmd", `good-${to}`);
    const { status, stdout } = check(`good-${to}`);
    expect(stdout).toMatch(/^loss\.py: the worst relative difference is \S+ \(.*\), allowed 1e-12\n$/);
    expect(status).toBe(0);
  });

  it.skipIf(reason)(title("accepts a run, and refuses it with another parameter"), async () => {
    const folder = `closed-${to}`;
    await exportAs(runs.path("scm"), folder);
    const { stdout, status } = check(folder);
    expect(stdout).toMatch(/^program\.py: the worst relative difference is \S+ \(.*\), allowed 1e-12$/m);
    expect(status).toBe(0);
    const file = path(folder, "params.safetensors");
    const { tensors } = parseSafetensors(readFileSync(file));
    const bias = "params.layers[0].bias";
    writeFileSync(file, formatSafetensors({ ...tensors, [bias]: tensors[bias].add(1e-6) }));
    expect(check(folder).status).toBe(1);
  });

  it.skipIf(reason)(title("exits with 1 where a stored number is another one"), async () => {
    await exportAs("lsd", `altered-${to}`);
    const file = path(`altered-${to}`, "expected.safetensors");
    const { tensors } = parseSafetensors(readFileSync(file));
    writeFileSync(file, formatSafetensors({ ...tensors, value: tensors.value.mul(1 + 1e-9) }));
    expect(check(`altered-${to}`).status).toBe(1);
  });

  it.skipIf(reason)(title("exits with 1 where a stop-gradient is missing"), async () => {
    await exportAs("meanFlow", `unstopped-${to}`);
    const file = path(`unstopped-${to}`, "loss.py");
    const text = readFileSync(file, "utf8");
    expect(text).toContain(stops[to]);
    writeFileSync(file, text.replace(stops[to], ""));
    const { status, stdout } = check(`unstopped-${to}`);
    expect(stdout).toContain("the worst relative difference is");
    expect(status).toBe(1);
  });
});

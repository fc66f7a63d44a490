import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pictureLoss, pictureOptions } from "../../src/commands/pictureOptions.ts";
import { temporaryFolder } from "../run/temporaryFolder.ts";
import { runHere } from "../support/command.ts";

const tiny = ["--steps", "3", "--batch", "8", "--width", "8", "--depth", "1", "--latent", "pca:4"];
const start = (...more: string[]) => runHere(["start", "--pictures", ...tiny, ...more]);

describe("start --pictures", () => {
  it("trains on digits by their classes, reports, and prints commands that run", async () => {
    const output = join(temporaryFolder(), "run");
    const { code, stdout, stderr } = await start("--output", output, "--seed", "4");
    expect([code, stderr.includes("Error")]).toEqual([0, false]);
    const { config } = JSON.parse(readFileSync(join(output, "config.json"), "utf8"));
    expect(config).toMatchObject({ data: "digits", losses: [pictureLoss], steps: 3, seed: 4, latent: "pca:4" });
    expect(readFileSync(join(output, "report.html"), "utf8")).toContain("A row for each class: 0, 1, 2,");
    const [table, next] = stdout.split("\nNext:\n");
    expect(table).toContain(`\n${pictureLoss} `);
    const lines = next.trim().split("\n");
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines.filter((each) => each.includes(" sample "))) {
      const [words] = line.split(" # ");
      const args = words
        .replace(/^.*pushforward /, "")
        .trim()
        .split(/ +/);
      const file = join(output, args.at(-1)!);
      const drawn = await runHere([...args.slice(0, -1), file]);
      expect([drawn.code, existsSync(file)]).toEqual([0, true]);
    }
  });

  it("prints JSON alone where asked, for several seeds too", async () => {
    const output = join(temporaryFolder(), "seeds");
    const { code, stdout } = await start("--output", output, "--seeds", "2", "--json");
    expect(code).toBe(0);
    expect(() => JSON.parse(stdout)).not.toThrow();
    expect(existsSync(join(output, "seed1", pictureLoss))).toBe(true);
  });

  it("leaves settings of another network to that network", () => {
    expect(pictureOptions({ network: "dit" })).not.toHaveProperty("latent");
    expect(pictureOptions({ network: "dit" })).not.toHaveProperty("width");
    expect(pictureOptions({})).toMatchObject({ network: "mlp", data: "digits" });
  });

  it("refuses principal components for networks of pixels, also without the option", async () => {
    const output = join(temporaryFolder(), "run");
    for (const options of [["--data", "digits"], ["--pictures"]]) {
      const { code, stderr } = await runHere([
        ...["start", ...options, "--latent", "pca:4", "--network", "dit"],
        ...["--output", output],
      ]);
      expect([code, existsSync(output)]).toEqual([1, false]);
      expect(stderr).toContain(
        "train: network dit needs pictures, got 4 principal components of 196 pixels; use network mlp, or leave --latent out",
      );
    }
  });
});

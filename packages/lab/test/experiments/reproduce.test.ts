import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { parseCompareConfig, parseStudyConfig, parseTrainConfig } from "../../src/config.ts";
import { reproduce } from "../../src/experiments/reproduce.ts";
import { optionName } from "../../src/settings/optionName.ts";

describe("reproduce", () => {
  it("writes out what differs from the defaults and nothing else", () => {
    const plain = parseTrainConfig({ kind: "train", loss: "lsd", data: "moons" });
    expect(reproduce(plain, "runs/lsd")).toBe("npx --yes pnpm@10 pushforward train lsd --data moons");
    const config = parseCompareConfig({
      kind: "compare",
      losses: ["lsd", "esd"],
      data: "moons",
      steps: 7,
      learningRate: 0.001,
      offDiagonal: 0.5,
    });
    expect(reproduce(config, "runs/x")).toBe(
      "npx --yes pnpm@10 pushforward compare lsd esd --data moons --steps 7 --learning-rate 0.001 --off-diagonal 0.5",
    );
  });

  it("leaves to a variant what its name sets, and refuses another value beside it", () => {
    const loss = "esd@-velocity,velocity=conditional";
    const given = { kind: "train", loss, data: "moons", withoutStops: ["advection"] };
    const config = parseTrainConfig(given);
    expect(config).toMatchObject({ loss, velocity: "conditional", withoutStops: ["velocity", "advection"] });
    expect(parseTrainConfig(config)).toEqual(config);
    expect(reproduce(config, "runs/x")).toBe(
      `npx --yes pnpm@10 pushforward train ${loss} --data moons --without-stops advection`,
    );
    expect(() => parseTrainConfig({ ...given, velocity: "teacher" }, optionName)).toThrow(
      /--velocity must be "conditional" or not given, since esd@.* sets it, got "teacher"/,
    );
  });

  it("names the losses and problems of a study only if it has not all of them", () => {
    expect(reproduce(parseStudyConfig({ kind: "study" }), "runs/x")).toBe(
      "npx --yes pnpm@10 pushforward compare --all",
    );
    const small = parseStudyConfig({
      kind: "study",
      losses: ["lsd"],
      problems: ["moons", "rings"],
      seeds: 2,
      steps: 7,
    });
    expect(reproduce(small, "runs/x")).toBe(
      "npx --yes pnpm@10 pushforward compare --all lsd --problems moons,rings --seeds 2 --steps 7",
    );
  });

  it("names files from here, and quotes what a shell would change", () => {
    const config = parseTrainConfig({
      kind: "train",
      loss: "lsd",
      data: resolve("my data", "it's.csv"),
      dataSha256: "0".repeat(64),
      scale: "range",
      columns: ["pixel_*", "y"],
      teacher: join("..", "teacher"),
    });
    expect(reproduce(config, join("runs", "lsd"))).toBe(
      `npx --yes pnpm@10 pushforward train lsd --data '${join("my data", "it'\\''s.csv")}' --columns 'pixel_*,y' --scale range --teacher runs/teacher`,
    );
  });
});

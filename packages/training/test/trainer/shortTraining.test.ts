import { recipes } from "@pushforward/losses";
import { describe, expect, it } from "vitest";
import { objectiveOf } from "../../src/trainer/objectives.ts";
import { choicesOf } from "../../src/trainer/shortTraining.ts";

describe("choicesOf", () => {
  it("leaves the paper's settings alone unless something is chosen by hand", () => {
    expect(choicesOf("meanFlow", { preset: "paper" })).toEqual({});
    expect(choicesOf("meanFlow", { preset: "paper", velocity: "teacher" })).toEqual({ velocity: "teacher" });
  });

  it("suits short trainings, each setting unless it is chosen by hand", () => {
    const short = choicesOf("meanFlow", { preset: "short", velocity: undefined });
    expect(short).toEqual({
      velocity: "teacher",
      times: "uniform",
      targetEma: 0.95,
      adaptivePower: 0.5,
      offDiagonal: 0.75,
    });
    expect(choicesOf("meanFlow", { preset: "short", offDiagonal: 0.25, times: "recipe" })).toEqual({
      ...short,
      offDiagonal: 0.25,
      times: "recipe",
    });
    expect(choicesOf("lsd", { preset: "short" }).offDiagonal).toBeUndefined();
  });

  it("lets what learns along follow faster than the student moves, where there is such a thing", () => {
    const short = choicesOf("sid", { preset: "short", fakeUpdates: 3 });
    expect(short).toMatchObject({ studentRate: 0.25, fakeUpdates: 3, criticUpdates: 3 });
    const objectives = (["short", "paper"] as const).map((preset) => objectiveOf("dmd2", { preset }));
    expect(objectives.map(({ rate }) => rate)).toEqual([0.25, 1]);
    expect(objectives.map(({ auxiliaries }) => auxiliaries?.fakeVelocity?.updates)).toEqual([2, 5]);
    expect(objectives.map(({ auxiliaries }) => auxiliaries?.critic?.updates)).toEqual([3, 5]);
    expect(choicesOf("meanFlow", { preset: "short" }).studentRate).toBeUndefined();
    expect(objectiveOf("pairRegression", { preset: "short" }).rate).toBe(1);
  });

  it("gives every recipe a teacher that can use one, but only where it is wanted", () => {
    const needing = (preset: "short" | "paper") =>
      Object.keys(recipes).filter((name) => objectiveOf(name, { preset }).needsTeacher);
    expect(needing("paper")).toContain("localForward");
    expect(needing("paper")).not.toContain("meanFlow");
    expect(needing("short")).toEqual(expect.arrayContaining([...needing("paper"), "meanFlow", "lsd", "shortcut"]));
    expect(objectiveOf("lsd", { preset: "short", velocity: "conditional" }).needsTeacher).toBe(false);
  });
});

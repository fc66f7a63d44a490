import { describe, expect, it } from "vitest";
import { tasks } from "../src/work/lessons/tasks.ts";

const linkOf = (formula: string): string => `#${new URLSearchParams({ v: "1", f: formula })}`;

describe("tasks of lessons", () => {
  it.each([
    ["twiceItself", "exp(2 * x)", "exp(x)"],
    ["saddle", "x^2 - y^2", "x^2 + y^2"],
    ["constantWithSlope", "x * sg(1 / x)", "x / x"],
    ["constantWithSlope", "1 + log(x) - sg(log(x))", "log(x)"],
  ])("%s is solved by %s, not by %s", async (task, solution, attempt) => {
    expect(await tasks[task](linkOf(solution))).toMatchObject({ isSolved: true });
    const { isSolved, sentence } = await tasks[task](linkOf(attempt));
    expect([isSolved, sentence]).toEqual([
      false,
      expect.stringMatching(/^Not yet: at x = .* is -?[\d.]+, it must be -?[\d.]+\.$/),
    ]);
  });

  it("tell which lanes a race has, in their names, and which it must have", async () => {
    expect(await tasks.stopAndNoStop("#v=1&lane=meanFlow&lane=lsd")).toEqual({
      isSolved: false,
      sentence:
        "Not yet: the race has meanFlow, lsd. It must have meanFlow and meanFlow@-target, the loss without its stop.",
    });
    expect(await tasks.stopAndNoStop("#v=1&lane=meanFlow&lane=meanFlow%40-target")).toEqual({
      isSolved: true,
      sentence: "Solved: the race has meanFlow, meanFlow@-target. Press Play and compare.",
    });
  });

  it("tell what a formula lacks, or that there is none", async () => {
    expect(await tasks.saddle("#v=1")).toMatchObject({ isSolved: false });
    expect(() => tasks.saddle(linkOf("x +"))).toThrow("at character 4");
  });
});

import { describe, expect, it } from "vitest";
import { catalogue } from "../../build/catalogue.ts";
import { lossFormulas } from "../../build/lossFormulas.ts";
import { printLink, readLink } from "../../src/permalink.ts";
import { boardLink } from "../../src/switchboard/boardLink.ts";
import { type BoardState, firstBoard } from "../../src/switchboard/boardState.ts";
import { raceObstacle, smallLanes, smallRaceCommand } from "../../src/switchboard/smallRace.ts";

const format = boardLink(catalogue());
const full: BoardState = {
  loss: "esd",
  off: ["velocity"],
  cuts: ["3.0 4.1", "12.0"],
  opened: ["u", "rest"],
  isCotangentsOnly: true,
  seed: 7,
};

describe("a link of a switchboard", () => {
  it.each([[firstBoard], [full]])("restores the state: %j", (state) => {
    expect(readLink(format, printLink(format, state))).toEqual({ state });
  });

  it.each([
    ["#v=1&loss=best", "loss: must be a loss of this page"],
    ["#v=1&loss=lsd&off=target", "off: must be stop-gradients of lsd: velocity"],
    ["#v=1&cut=abc", "cut: must be places of operands, such as 3.0"],
    ["#v=1&mode=forward", "mode: must be both or reverse"],
    ["#v=1&seed=-1", "seed: must be a whole number from 0 to 9999"],
  ])("is refused with a sentence: %s", (hash, sentence) => {
    expect(readLink(format, hash)).toEqual({ problem: `This link cannot be read: ${sentence}.` });
  });
});

describe("the small race", () => {
  it("trains the paper's placement and the chosen one with both velocities", () => {
    expect(smallLanes(firstBoard).map(({ title }) => title)).toEqual([
      "exact v, paper",
      "exact v, yours",
      "v of single samples, paper",
      "v of single samples, yours",
    ]);
    expect(smallRaceCommand(firstBoard, "conditional")).toContain(
      "compare meanFlow meanFlow@-target --data eightGaussians --teacher-velocity exact --velocity conditional",
    );
  });

  it("says why cut arrows cannot race", () => {
    expect(raceObstacle(full)).toContain("join the cut arrows again");
    expect(raceObstacle(firstBoard)).toBe("");
  });
});

describe("formulas", () => {
  it("are there for every set of stop-gradients, with the signs of those that are off struck through", () => {
    const formulas = lossFormulas();
    for (const { name, stops } of catalogue().losses) expect(formulas[name]).toHaveLength(2 ** stops.length);
    expect(formulas.meanFlow[1]).toContain("strike");
    expect(formulas.meanFlow[0]).not.toContain("strike");
  });
});

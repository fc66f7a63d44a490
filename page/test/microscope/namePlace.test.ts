import { describe, expect, it } from "vitest";
import { namePlace } from "../../src/microscope/namePlace.ts";

describe("the name of a point", () => {
  it.each<[string, [number, number][], object]>([
    ["below a point without arrows", [], { dy: 22 }],
    ["above arrows that lead down", [[2, 9]], { dx: 0, dy: -13 }],
    ["below arrows that lead up", [[-2, -9]], { dy: 22 }],
    [
      "beside arrows up and down, away from a third one",
      [
        [0, 5],
        [0, -5],
        [-5, 0],
      ],
      { anchor: "start" },
    ],
    [
      "to the left of arrows around the right side",
      [
        [1, 5],
        [1, -5],
        [5, 0],
      ],
      { anchor: "end" },
    ],
  ])("stands %s", (_, arrows, place) => {
    expect(namePlace(arrows)).toMatchObject(place);
  });
});

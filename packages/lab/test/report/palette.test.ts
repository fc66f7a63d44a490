import { describe, expect, it } from "vitest";
import { paletteFor } from "../../src/report/palette.ts";

describe("palette", () => {
  it("gives each loss its own colour and the rest grey", () => {
    const palette = paletteFor([
      { name: "a", kind: "loss" },
      { name: "t", kind: "teacher" },
      { name: "b", kind: "loss" },
    ]);
    expect(["a", "b", "t", "data"].map(palette)).toEqual([
      "var(--loss-0)",
      "var(--loss-1)",
      "var(--teacher)",
      "var(--data)",
    ]);
  });
});

import { describe, expect, it } from "vitest";
import { colorVariables, lossVariable } from "../src/index.ts";

describe("colours", () => {
  it("reads on its paper: text and losses differ from it by at least 3 to 1", () => {
    for (const paper of ["light", "dark"] as const) {
      const colors = Object.fromEntries(
        [...colorVariables(paper).matchAll(/--([\w-]+): #(\w{6});/g)].map(([, name, hex]) => [name, hex]),
      );
      const names = Object.keys(colors).filter((name) => /loss|ink|soft|data|teacher|accent/.test(name));
      expect(names.length).toBeGreaterThan(10);
      for (const name of names) expect(contrast(colors[name], colors.card), `${name} on ${paper}`).toBeGreaterThan(3);
    }
    expect(contrast("ffffff", "000000")).toBeCloseTo(21, 10);
  });

  it("start over after the last one", () => {
    const count = colorVariables("light").match(/--loss-\d+:/g)?.length ?? 0;
    expect(count).toBeGreaterThan(6);
    expect([0, count - 1, count].map(lossVariable)).toEqual(["--loss-0", `--loss-${count - 1}`, "--loss-0"]);
  });
});

/** Contrast of two colours. @source WCAG 2.1, relative luminance and contrast ratio */
function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(hex: string): number {
  const [r, g, b] = [0, 2, 4].map((at) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

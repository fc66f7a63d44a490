import { readFileSync } from "node:fs";
import { compile, type Tensor, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { hessian, jacfwd, jacrev } from "../src/index.ts";
import { type SingularPoint, singularPoints, singularPointTable } from "./support/singularPoints.ts";

/** Equal to the last digits; NaN and infinities are what they are, and the sign of 0 says nothing. */
function expectNumbers(got: unknown, want: number | readonly number[], what: string): void {
  const numbers = [...(got as Tensor).dataSync()];
  const wanted = [want].flat();
  expect(numbers.length, what).toBe(wanted.length);
  wanted.forEach((x, i) => {
    if (Number.isFinite(x))
      expect(Math.abs(numbers[i] - x), `${what} [${i}] = ${numbers[i]}`).toBeLessThanOrEqual(4e-16);
    else expect(numbers[i], what).toBe(x);
  });
}

describe("singular points", () => {
  it.each(singularPoints.map((row): [string, SingularPoint] => [`${row.formula} at ${row.point}`, row]))(
    "%s",
    (_, row) => {
      const { f, value, first, second, reverse = first } = row;
      const x = tensor(row.x) as Tensor;
      for (const run of [(g: (x: Tensor) => unknown) => g(x), (g: (x: Tensor) => unknown) => compile(g)(x)]) {
        expectNumbers(run(f), value, "value");
        expectNumbers(run(jacfwd(f)), first, "forward");
        expectNumbers(run(jacrev(f)), reverse, "reverse");
        expectNumbers(run(hessian(f)), second, "forward over reverse");
        expectNumbers(run(jacrev(jacrev(f))), second, "reverse over reverse");
        const doubled = run(jacfwd(jacfwd(f)));
        // Where reverse mode has no answer forward mode may have one.
        if (row.reverse === undefined) expectNumbers(doubled, second, "forward over forward");
      }
    },
  );

  it("stand in the documentation as they are tested here", () => {
    const page = readFileSync(new URL("../../../docs/singularPoints.md", import.meta.url), "utf8");
    expect(page).toContain(singularPointTable());
  });

  it("are singular: a step to either side changes what the derivative of a tie is", () => {
    const slopes = [-1e-9, 0, 1e-9].map((h) => (jacfwd((x: Tensor) => x.maximum(0))(tensor(h)) as Tensor).item());
    expect(slopes).toEqual([0, 0.5, 1]);
  });

  it("have the mixed derivative of xʸ at y = 0, where only x = 0 needs a guard: 1/x", () => {
    const mixed = (x: number) =>
      (jacfwd((y: Tensor) => jacrev((x: Tensor) => x.pow(y))(tensor(x)) as Tensor)(tensor(0)) as Tensor).item();
    expect([mixed(2), mixed(0.5)]).toEqual([0.5, 2]);
  });
});

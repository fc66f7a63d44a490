import { jvp } from "@pushforward/autodiff";
import { foldIn, key, type Tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { Draws } from "../src/draws.ts";
import { curvedSteps, kinkedSteps, mixingSteps } from "../src/programSteps.ts";
import { randomProgram } from "../src/randomProgram.ts";

const many = Array.from({ length: 300 }, (_, i) => foldIn(key(5), i));

describe("randomProgram", () => {
  it("uses every step of its tables in many programs", () => {
    const used = new Set(many.flatMap((k) => randomProgram(new Draws(k), { length: 6 }).steps));
    const known = Object.keys({ ...curvedSteps, ...mixingSteps, ...kinkedSteps });
    expect(known.filter((name) => !used.has(name))).toEqual([]);
  });

  it("keeps the shape, stays of moderate size and depends on its input", () => {
    for (const k of many.slice(0, 60)) {
      const program = randomProgram(new Draws(k), { length: 8 });
      const [x] = program.draw();
      const [out, tangent] = jvp((y: Tensor) => program.run([y]), [x], [x.mul(0).add(1)]);
      expect(out.shape).toEqual(program.shape);
      expect(out.abs().max().item()).toBeLessThan(1e3);
      expect(tangent.abs().max().item()).toBeGreaterThan(1e-6);
    }
  });

  it("is the same program for the same key", () => {
    const draw = () => randomProgram(new Draws(key(9)), { length: 7 });
    expect(draw().steps).toEqual(draw().steps);
    const [a, b] = [draw(), draw()];
    expect(a.run(a.draw()).dataSync()).toEqual(b.run(b.draw()).dataSync());
  });
});

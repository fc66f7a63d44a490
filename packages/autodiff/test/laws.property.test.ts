import type { Tensor } from "@pushforward/tensor";
import { forAll, randomPrograms } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { customJvp } from "../src/index.ts";
import { cotangentsOf, directionsOf, type ListFunction, pull, push, relativeGap } from "./support/programs.ts";
import { recordWorst } from "./support/worst.ts";

// Many cases on a busy machine.
const programs = randomPrograms();
const kinky = randomPrograms({ kinds: ["smooth", "kinky", "discrete"] });

const record = recordWorst();

/** a·x + b·y, leaf by leaf. */
const combine = (a: number, x: readonly Tensor[], b: number, y: readonly Tensor[]): Tensor[] =>
  x.map((leaf, i) => leaf.mul(a).add(y[i].mul(b)));

describe("linearity", () => {
  const gap = (map: (v: Tensor[]) => Tensor[], v: Tensor[], u: Tensor[]): number =>
    relativeGap(map(combine(0.75, v, -1.5, u)), combine(0.75, map(v), -1.5, map(u)));

  it("of jvp in the tangents and of vjp in the cotangents", () => {
    forAll(kinky, (program) => {
      const { f, inputs } = program;
      const forward = gap((v) => push(f, inputs, v), directionsOf(program, 1), directionsOf(program, 7));
      const reverse = gap((w) => pull(f, inputs, w), cotangentsOf(program, 40), cotangentsOf(program, 50));
      expect(record("linearity", Math.max(forward, reverse))).toBeLessThanOrEqual(1e-12);
    });
  });

  it("is broken by a rule that squares its tangent", () => {
    const bent = customJvp(
      (x: Tensor) => x,
      ([x]: [Tensor], [dx]: [Tensor]) => [x, dx.mul(dx)] as const,
    );
    let broken = 0;
    forAll(programs, (program) => {
      if (program.inputs.every((x) => x.size === 0)) return;
      const f = (...xs: Tensor[]) => xs.map((x) => bent(x));
      const v = gap((v) => push(f, program.inputs, v), directionsOf(program, 1), directionsOf(program, 7));
      expect(v).toBeGreaterThan(1e-3);
      broken++;
    });
    expect(broken).toBeGreaterThan(60);
  });
});

describe("the chain rule", () => {
  /** Something to compose with: every result meets every other. */
  const g: ListFunction = (...ys) => {
    const all = ys.map((y) => y.tanh().sum()).reduce((a, b) => a.add(b));
    return ys.map((y) => y.sin().mul(all));
  };

  it("J(g∘f)·v = J(g)·J(f)·v and the transpose of that", () => {
    forAll(kinky, (program) => {
      const { f, inputs } = program;
      const [v, middle] = [directionsOf(program, 1), f(...inputs)];
      const both: ListFunction = (...xs) => g(...f(...xs));
      const w = cotangentsOf({ ...program, f: both });
      const forward = relativeGap(push(both, inputs, v), push(g, middle, push(f, inputs, v)));
      const reverse = relativeGap(pull(both, inputs, w), pull(f, inputs, pull(g, middle, w)));
      expect(record("chain rule", Math.max(forward, reverse))).toBeLessThanOrEqual(1e-12);
    });
  });

  it("does not hold with the outer derivative taken elsewhere", () => {
    let [broken, reached] = [0, 0];
    forAll(programs, (program) => {
      const { f, inputs } = program;
      const [v, middle] = [directionsOf(program, 1), f(...inputs)];
      const tangent = push(f, inputs, v);
      if (
        relativeGap(
          tangent,
          tangent.map((x) => x.mul(0)),
        ) === 0
      )
        return;
      reached++;
      const elsewhere = push(
        g,
        middle.map((y) => y.add(0.1)),
        tangent,
      );
      if (
        relativeGap(
          push((...xs) => g(...f(...xs)), inputs, v),
          elsewhere,
        ) > 1e-4
      )
        broken++;
    });
    expect(reached).toBeGreaterThan(60);
    expect(broken / reached).toBeGreaterThan(0.95);
  });
});

import { compile, type Tensor } from "@pushforward/tensor";
import {
  complexStep,
  expectSameBits,
  forAll,
  type RandomProgram,
  randomPrograms,
  richardson,
} from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { freezeStops, stopGradient, withStops } from "../src/index.ts";
import {
  cotangentsOf,
  directionsOf,
  type ListFunction,
  markedProgram,
  pull,
  push,
  relativeGap,
} from "./support/programs.ts";

// Many cases on a busy machine.
const programs = randomPrograms({ kinds: ["smooth", "kinky", "discrete"] });
const smooth = randomPrograms();

type Program = { readonly f: ListFunction; readonly inputs: readonly Tensor[] };

/** Values and both derivatives, each eager and compiled. */
function everything({ f, inputs }: Program, v: Tensor[], w: Tensor[]): Tensor[][] {
  const all = (xs: Tensor[], v: Tensor[], w: Tensor[]) => [f(...xs), push(f, xs, v), pull(f, xs, w)];
  const eager = all([...inputs], v, w);
  expectSameBits(compile(all)([...inputs], v, w), eager);
  return eager;
}

const stopAll = (xs: readonly Tensor[]): Tensor[] => xs.map((x) => stopGradient(x, "law"));
const largest = (xs: readonly Tensor[]): number => Math.max(0, ...xs.map((x) => Math.max(0, ...x.abs().dataSync())));

/** The law on random programs, with directions and cotangents. */
function forEachProgram(law: (program: RandomProgram, v: Tensor[], w: Tensor[]) => void, runs = 60): void {
  forAll(programs, (program) => law(program, directionsOf(program, 1), cotangentsOf(program)), { runs });
}

describe("laws of stop-gradients on random programs, eager and compiled", () => {
  it("values stay as they are, bit for bit, wherever gradients are stopped", () => {
    forAll(programs, (program) => {
      expectSameBits(markedProgram(program, 5).f(...program.inputs), program.f(...program.inputs));
    });
  });

  it("derivatives through a stop are exactly 0", () => {
    let alive = 0;
    forEachProgram((program, v, w) => {
      const stopped = { ...program, f: (...xs: Tensor[]) => stopAll(program.f(...xs)) };
      const [, tangents, cotangents] = everything(stopped, v, w);
      expect([largest(tangents), largest(cotangents)]).toEqual([0, 0]);
      if (largest(push(program.f, program.inputs, v)) > 0) alive++;
    });
    // Without the stop most derivatives are not 0.
    expect(alive).toBeGreaterThan(25);
  });

  it("a second stop changes nothing", () => {
    const twice = (x: Tensor) => stopGradient(stopGradient(x, "inner"), "outer");
    forAll(
      programs,
      (program) => {
        const [v, w] = [directionsOf(program, 1), cotangentsOf(program)];
        expectSameBits(everything(markedProgram(program, 4, twice), v, w), everything(markedProgram(program, 4), v, w));
      },
      { runs: 60 },
    );
  });

  it("f − sg(f) is 0 and has the derivatives of f", () => {
    forEachProgram((program, v, w) => {
      const f: ListFunction = (...xs) => program.f(...xs).map((y) => y.sub(stopGradient(y, "law")));
      const [values, tangents, cotangents] = everything({ ...program, f }, v, w);
      expect(largest(values)).toBe(0);
      expect(relativeGap(tangents, push(program.f, program.inputs, v))).toBe(0);
      expect(relativeGap(cotangents, pull(program.f, program.inputs, w))).toBe(0);
    });
  });

  it("f·sg(1/f) is 1 and has the derivatives of log f", () => {
    forEachProgram((program, v, w) => {
      const positive: ListFunction = (...xs) => program.f(...xs).map((y) => y.square().add(0.5));
      const ratio: ListFunction = (...xs) => positive(...xs).map((y) => y.mul(stopGradient(y.reciprocal(), "law")));
      const log: ListFunction = (...xs) => positive(...xs).map((y) => y.log());
      const [values, tangents, cotangents] = everything({ ...program, f: ratio }, v, w);
      expect(
        relativeGap(
          values,
          values.map((x) => x.mul(0).add(1)),
        ),
      ).toBeLessThanOrEqual(1e-15);
      expect(relativeGap(tangents, push(log, program.inputs, v))).toBeLessThanOrEqual(1e-13);
      expect(relativeGap(cotangents, pull(log, program.inputs, w))).toBeLessThanOrEqual(1e-13);
    });
  });

  it("the product rule splits: d(f·g) = d(f·sg g) + d(sg f·g)", () => {
    forEachProgram((program, v, w) => {
      const g = (y: Tensor) => y.sin().add(2);
      const product: ListFunction = (...xs) => program.f(...xs).map((y) => y.mul(g(y)));
      const left: ListFunction = (...xs) => program.f(...xs).map((y) => y.mul(stopGradient(g(y), "right")));
      const right: ListFunction = (...xs) => program.f(...xs).map((y) => stopGradient(y, "left").mul(g(y)));
      const [, tangents, cotangents] = everything({ ...program, f: product }, v, w);
      const sums = [left, right].map((f) => everything({ ...program, f }, v, w));
      const added = (part: number) => sums[0][part].map((x, i) => x.add(sums[1][part][i]));
      expect(relativeGap(added(1), tangents)).toBeLessThanOrEqual(1e-12);
      expect(relativeGap(added(2), cotangents)).toBeLessThanOrEqual(1e-12);
    });
  });

  it("straight-through: f + sg(round f − f) has the values of round f and the derivatives of f", () => {
    forEachProgram((program, v, w) => {
      const f: ListFunction = (...xs) =>
        program.f(...xs).map((y) => y.add(stopGradient(y.round().sub(y), "straightThrough")));
      const [values, tangents, cotangents] = everything({ ...program, f }, v, w);
      const rounded = program.f(...program.inputs).map((y) => y.round());
      expect(relativeGap(values, rounded, 1)).toBeLessThanOrEqual(1e-15);
      expect(relativeGap(tangents, push(program.f, program.inputs, v))).toBe(0);
      expect(relativeGap(cotangents, pull(program.f, program.inputs, w))).toBe(0);
    });
  });

  it("switched off, all of them are gone", () => {
    forEachProgram((program, v, w) => {
      const marked = markedProgram(program, 5);
      expectSameBits(
        withStops(true, () => everything(marked, v, w)),
        everything(program, v, w),
      );
    });
  });
});

describe("derivatives with random stops", () => {
  const gaps = (program: RandomProgram, seed: number, v: Tensor[]) => {
    const { f, inputs } = markedProgram(program, seed);
    const frozen = freezeStops(f);
    frozen(...inputs);
    const got = push(f, inputs, v);
    const differences = richardson(frozen, inputs, v, { h: 0.02 }) as Tensor[];
    return {
      frozen: relativeGap(got, differences, 1),
      complex: relativeGap(got, complexStep(f, inputs, v) as Tensor[], 1),
      unfrozen: relativeGap(got, richardson(f, inputs, v, { h: 0.02 }) as Tensor[], 1),
    };
  };

  it("are those of differences with the stopped values frozen, and of complex steps that stop them", () => {
    let [seen, count] = [0, 0];
    forAll(
      smooth,
      (program) => {
        for (const seed of [1, 2]) {
          const { frozen, complex, unfrozen } = gaps(program, seed, directionsOf(program, 1));
          expect(frozen).toBeLessThanOrEqual(1e-8);
          expect(complex).toBeLessThanOrEqual(1e-12);
          count++;
          if (unfrozen > 1e-6) seen++;
        }
      },
      { runs: 60 },
    );
    // Without freezing, differences see through the stops wherever one lies on the way.
    expect(seen).toBeGreaterThan(count / 8);
  });
});

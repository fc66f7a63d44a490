import { compile, type Tensor } from "@pushforward/tensor";
import { forAll, randomPrograms } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { stopCotangent, stopTangent } from "../src/index.ts";
import {
  cotangentsOf,
  directionsOf,
  type ListFunction,
  markedProgram,
  pairing,
  pull,
  push,
  pushTerms,
  relativeGap,
} from "./support/programs.ts";
import { recordWorst } from "./support/worst.ts";

// Many cases on a busy machine.
const programs = randomPrograms();
const kinky = randomPrograms({ kinds: ["smooth", "kinky", "discrete"] });

const record = recordWorst();

type Program = { readonly f: ListFunction; readonly inputs: readonly Tensor[] };

/** |a − b| in parts of Σ|terms| of ⟨w, J·v⟩. */
function dualityGap({ f, inputs }: Program, v: Tensor[], w: Tensor[], a: number, b: number): number {
  const terms = pairing(
    w.map((x) => x.abs()),
    pushTerms(f, inputs, v),
  );
  return a === b ? 0 : Math.abs(a - b) / terms;
}

describe("duality: ⟨w, J·v⟩ = ⟨Jᵀ·w, v⟩", () => {
  it("on random programs, kinks and jumps included, to 1e-12 of Σ|terms|", () => {
    forAll(
      kinky,
      (program) => {
        const [v, w] = [directionsOf(program, 1), cotangentsOf(program)];
        const left = pairing(w, push(program.f, program.inputs, v));
        const right = pairing(pull(program.f, program.inputs, w), v);
        expect(record("duality", dualityGap(program, v, w, left, right))).toBeLessThanOrEqual(1e-12);
      },
      { runs: 500 },
    );
  });

  it("and where the program runs compiled", () => {
    forAll(
      programs,
      (program) => {
        const [v, w] = [directionsOf(program, 1), cotangentsOf(program)];
        const f = program.f;
        const forward = compile((xs: Tensor[], v: Tensor[]) => push(f, xs, v))([...program.inputs], v);
        const reverse = compile((xs: Tensor[], w: Tensor[]) => pull(f, xs, w))([...program.inputs], w);
        expect(dualityGap(program, v, w, pairing(w, forward), pairing(reverse, v))).toBeLessThanOrEqual(1e-12);
      },
      { runs: 100 },
    );
  });

  it("is broken by marks that cut one mode only: the law is no tautology", () => {
    let [broken, reached] = [0, 0];
    forAll(programs, (program) => {
      const [v, w] = [directionsOf(program, 1), cotangentsOf(program)];
      for (const mark of [stopTangent, stopCotangent]) {
        const { f, inputs } = markedProgram(program, 3, mark);
        const tangents = relativeGap(push(f, inputs, v), push(program.f, inputs, v));
        const cotangents = relativeGap(pull(f, inputs, w), pull(program.f, inputs, w));
        if (tangents + cotangents === 0) continue;
        reached++;
        const [left, right] = [pairing(w, push(f, inputs, v)), pairing(pull(f, inputs, w), v)];
        if (dualityGap(program, v, w, left, right) > 1e-6) broken++;
      }
    });
    expect(reached).toBeGreaterThan(40);
    expect(broken / reached).toBeGreaterThan(0.9);
  });
});

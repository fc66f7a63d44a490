import { compile, type Tensor, tensor } from "@pushforward/tensor";
import { expectSameBits, forAll, randomPrograms } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { jacfwd, jacrev, stopTangent } from "../src/index.ts";
import {
  cotangentsOf,
  directionsOf,
  type ListFunction,
  markedProgram,
  pull,
  push,
  relativeGap,
} from "./support/programs.ts";
import { recordWorst } from "./support/worst.ts";

// Many cases on a busy machine.
const programs = randomPrograms();
const kinky = randomPrograms({ kinds: ["smooth", "kinky", "discrete"] });

const record = recordWorst();

type Program = { readonly f: ListFunction; readonly inputs: readonly Tensor[] };

describe("jacfwd = jacrev", () => {
  const gap = ({ f, inputs }: Program): number => {
    const all = { argnums: inputs.map((_, i) => i) };
    const [forward, reverse] = [jacfwd(f, all), jacrev(f, all)].map((jacobian) =>
      (jacobian(...inputs) as unknown as Tensor[][]).flat(),
    );
    return relativeGap(forward, reverse);
  };

  it("on random programs, kinks and jumps included", () => {
    forAll(kinky, (program) => expect(record("jacobians", gap(program))).toBeLessThanOrEqual(1e-12), { runs: 60 });
  });

  it("for every random placement of stop-gradients", () => {
    forAll(
      kinky,
      (program) => {
        for (const seed of [1, 2, 3]) expect(gap(markedProgram(program, seed))).toBeLessThanOrEqual(1e-12);
      },
      { runs: 40 },
    );
  });

  it("not for stops of tangents alone", () => {
    let broken = 0;
    forAll(
      programs,
      (program) => {
        if (gap(markedProgram(program, 3, stopTangent)) > 1e-3) broken++;
      },
      { runs: 40 },
    );
    expect(broken).toBeGreaterThan(8);
  });
});

describe("second derivatives", () => {
  /** All ways to a second derivative of ⟨w, f⟩ along u and v, as one number. */
  const compositions = ({ f }: Program, w: Tensor[], v: Tensor[], u: Tensor[]) => {
    const scalar = (...xs: Tensor[]): Tensor =>
      f(...xs)
        .map((y, i) => y.mul(w[i]).sum())
        .reduce((a, b) => a.add(b));
    const along =
      (g: ListFunction, d: Tensor[]): ListFunction =>
      (...xs) =>
        push(g, xs, d);
    const one: ListFunction = (...xs) => [scalar(...xs)];
    const reverse =
      (g: ListFunction, d: Tensor[]): ListFunction =>
      (...xs) => [
        pull(g, xs, [tensor(1)])
          .map((x, i) => x.mul(d[i]).sum())
          .reduce((a, b) => a.add(b)),
      ];
    return {
      "fwd∘fwd": along(along(one, v), u),
      "fwd∘rev": along(reverse(one, v), u),
      "rev∘fwd": reverse(along(one, v), u),
      "rev∘rev": reverse(reverse(one, v), u),
    };
  };

  it("agree pairwise in every composition of modes, on random programs and with random stops, eager and compiled", () => {
    forAll(
      programs,
      (program) => {
        const [w, v, u] = [cotangentsOf(program), directionsOf(program, 1), directionsOf(program, 7)];
        for (const each of [program, markedProgram(program, 2)]) {
          const ways = Object.values(compositions(each, w, v, u));
          const results = ways.map((way) => way(...program.inputs));
          for (const result of results)
            expect(record("second", relativeGap(result, results[0], 1))).toBeLessThanOrEqual(1e-11);
          const compiled = compile((...xs: Tensor[]) => ways.map((way) => way(...xs)))(...program.inputs);
          compiled.forEach((result, i) => {
            expect(relativeGap(result, results[i], 1)).toBeLessThanOrEqual(1e-12);
          });
        }
      },
      { runs: 60 },
    );
  });

  it("differ where a tangent is stopped on the way: the comparison sees it", () => {
    let broken = 0;
    forAll(
      programs,
      (program) => {
        const [w, v, u] = [cotangentsOf(program), directionsOf(program, 1), directionsOf(program, 7)];
        const ways = Object.values(compositions(markedProgram(program, 3, stopTangent), w, v, u));
        const [first, ...others] = ways.map((way) => way(...program.inputs));
        if (others.some((other) => relativeGap(other, first) > 1e-6)) broken++;
      },
      { runs: 100 },
    );
    expect(broken).toBeGreaterThan(20);
  });
});

describe("compiled = eager", () => {
  it("for both derivatives, bit for bit on the reference backend", () => {
    forAll(
      kinky,
      (program) => {
        const { f, inputs } = program;
        const both = (xs: Tensor[], v: Tensor[], w: Tensor[]) => [push(f, xs, v), pull(f, xs, w)];
        const args: [Tensor[], Tensor[], Tensor[]] = [[...inputs], directionsOf(program, 1), cotangentsOf(program)];
        expectSameBits(compile(both)(...args), both(...args));
      },
      { runs: 60 },
    );
  });
});

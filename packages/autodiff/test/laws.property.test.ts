import { compile, type Tensor, tensor } from "@pushforward/tensor";
import { expectSameBits, forAll, randomPrograms } from "@pushforward/testing";
import { afterAll, describe, expect, it, vi } from "vitest";
import { customJvp, jacfwd, jacrev, stopCotangent, stopTangent } from "../src/index.ts";
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

// Many cases on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const programs = randomPrograms();
const kinky = randomPrograms({ kinds: ["smooth", "kinky", "discrete"] });

const worst: Record<string, number> = {};
const record = (law: string, value: number): number => {
  worst[law] = Math.max(worst[law] ?? 0, value);
  return value;
};

afterAll(() => {
  if (process.env.PUSHFORWARD_CASES) console.info(worst);
});

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
      { runs: 40 },
    );
    expect(broken).toBeGreaterThan(10);
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

import { backends, flatten, simplify, stack, type Tensor, trace, traceFlat } from "@pushforward/tensor";
import {
  defaultSeed,
  errorBounds,
  expectWithin,
  forAll,
  primitiveNames,
  type RandomProgram,
  randomPrograms,
} from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { checkpoint, grad, jvp, vmap } from "../src/index.ts";
import { cotangentsOf, directionsOf, type ListFunction, pull, push } from "./support/programs.ts";

// Thousands of programs are compiled.
/** A program to be compiled: f and what it is called with. */
interface Case {
  readonly f: ListFunction;
  readonly inputs: readonly Tensor[];
}

/** Σ weights·results, one number. */
function total(program: RandomProgram): (...xs: Tensor[]) => Tensor {
  const weights = cotangentsOf(program);
  return (...xs) =>
    program
      .f(...xs)
      .map((y, i) => y.mul(weights[i]).sum())
      .reduce((a, b) => a.add(b));
}

const forward = (program: RandomProgram, phase = 1): ListFunction => {
  const v = directionsOf(program, phase);
  return (...xs) => push(program.f, xs, v);
};

const backward = (program: RandomProgram): ListFunction => {
  const w = cotangentsOf(program);
  return (...xs) => pull(program.f, xs, w);
};

const gradient = (program: RandomProgram): ListFunction => {
  const slope = grad(total(program), { argnums: program.inputs.map((_, i) => i) });
  return (...xs) => slope(...(xs as [Tensor])) as unknown as Tensor[];
};

const batched = (f: ListFunction, inputs: readonly Tensor[], count = 3): Case => ({
  f: (...xs) => vmap(f)(...xs) as Tensor[],
  inputs: inputs.map((x) => stack(Array.from({ length: count }, (_, i) => x.mul(1 - 0.375 * i)))),
});

/** What is done to a random program before it is compiled. */
const transforms: Readonly<Record<string, (program: RandomProgram) => Case>> = {
  nothing: ({ f, inputs }) => ({ f, inputs }),
  jvp: (program) => ({ f: forward(program), inputs: program.inputs }),
  vjp: (program) => ({ f: backward(program), inputs: program.inputs }),
  vmap: ({ f, inputs }) => batched(f, inputs),
  "value, jvp and vjp": (program) => ({
    f: (...xs) => [...program.f(...xs), ...forward(program)(...xs), ...backward(program)(...xs)],
    inputs: program.inputs,
  }),
  "jvp of grad": (program) => ({
    f: (...xs) =>
      jvp(gradient(program), xs as [Tensor], directionsOf(program, 2) as unknown as [Tensor])[1] as Tensor[],
    inputs: program.inputs,
  }),
  "grad of jvp": (program) => ({ f: gradient({ ...program, f: forward(program) }), inputs: program.inputs }),
  "vmap of grad": (program) => batched(gradient(program), program.inputs),
  "grad of vmap": (program) => {
    const { f, inputs } = batched(program.f, program.inputs, 2);
    return { f: gradient({ f, inputs: inputs as RandomProgram["inputs"] }), inputs };
  },
  "vmap of jvp of checkpoint": (program) =>
    batched(forward({ ...program, f: checkpoint(program.f) }), program.inputs, 5),
};

const kinds = ["smooth", "kinky", "discrete", "stop"] as const;

/** Small inputs, where edges are, and odd ones that fill vectors. */
const inputs = [
  { dtype: "float64", largest: 12 },
  { dtype: "float32", largest: 12 },
  { dtype: "float64", largest: 150 },
  { dtype: "float32", largest: 150 },
] as const;
const cases = Object.keys(transforms).flatMap((transform) => inputs.map((input) => ({ transform, ...input })));

/** What all programs together were made of, and how much their comparison said. */
const seen = new Set<string>();
const compared = { programs: 0, elements: 0, vague: 0 };

function compare({ f, inputs }: Case): void {
  const dense = inputs.map((x) => x.concrete("test"));
  // What compile does; `trace` would look for the source line of every equation.
  const { program } = traceFlat((...xs: never[]) => f(...xs), flatten(dense, "test"), "test");
  for (const { primitive } of program.equations) seen.add(primitive.name);
  const compiled = backends.wasm.prepare(simplify(program), { threads: 1 });
  const { elements, vague } = expectWithin(compiled.run(dense), errorBounds(program, dense));
  compared.programs++;
  compared.elements += elements;
  compared.vague += vague;
}

describe("compiled equals eager, within what the rules of single operations add up to", () => {
  it.each(cases)("random programs of $dtype up to $largest elements under: $transform", (each) => {
    const { transform, dtype, largest } = each;
    forAll(
      randomPrograms({ kinds, dtype, steps: 10, maxSize: largest }),
      (program) => compare(transforms[transform](program)),
      { runs: 50, seed: defaultSeed + cases.indexOf(each) },
    );
  });

  it("is told apart from the same program at inputs a billionth further", () => {
    let [told, runs] = [0, 0];
    forAll(
      randomPrograms({ kinds: ["smooth"], steps: 6 }),
      (program) => {
        if (program.f(...program.inputs).every((y) => y.size === 0)) return;
        runs++;
        const { f, inputs } = transforms["value, jvp and vjp"](program);
        const moved = inputs.map((x) => x.mul(1 + 1e-9).concrete("test"));
        const dense = inputs.map((x) => x.concrete("test"));
        const got = f(...moved).map((y) => y.concrete("test"));
        try {
          expectWithin(got, errorBounds(trace(f)(...dense), dense));
        } catch {
          told++;
        }
      },
      { runs: 50 },
    );
    expect(told / runs).toBeGreaterThan(0.9);
  });

  it("has met every primitive, and bounds are seldom so wide that they say nothing", () => {
    const missing = primitiveNames.filter((name) => !seen.has(name));
    expect(missing, "each needs a move in packages/testing/src/randomPrograms/moves.ts").toEqual([]);
    expect(compared.vague / compared.elements).toBeLessThan(0.05);
  });
});

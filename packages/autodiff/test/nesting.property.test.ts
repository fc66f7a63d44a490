import { compile, type Tensor, tensor } from "@pushforward/tensor";
import { forAll, type RandomProgram, randomPrograms } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import {
  checkpoint,
  customJvp,
  debugNans,
  grad,
  jacfwd,
  jacrev,
  jvp,
  linearize,
  stopTangent,
  vjp,
  vmap,
} from "../src/index.ts";
import { wave } from "./support/derivativeCase.ts";

// Many cases on a busy machine.
/** A function of one number. */
type Scalar = (s: Tensor) => Tensor;

const one = tensor(1);

/** Ways to differentiate a function of one number. */
const derivatives: Record<string, (f: Scalar) => Scalar> = {
  jvp: (f) => (s) => jvp(f, [s], [one])[1],
  grad: (f) => grad(f),
  vjp: (f) => (s) => vjp(f, [s])[1](one)[0],
  linearize: (f) => (s) => linearize(f, [s])[1]([one]),
  jacfwd: (f) => (s) => jacfwd(f)(s) as Tensor,
  jacrev: (f) => (s) => jacrev(f)(s) as Tensor,
};

/** Transforms that change nothing. */
const wrappers: Record<string, (f: Scalar) => Scalar> = {
  nothing: (f) => f,
  compile: (f) => compile(f),
  checkpoint: (f) => checkpoint(f),
  vmap: (f) => (s) => vmap(f)(s.broadcastTo([2])).slice(1),
  "vmap beside": (f) => (s) => vmap((z: Tensor) => f(s).add(z))(tensor([1, 0])).slice(1),
  customJvp: (f) => customJvp(f, ([s], [ds]) => jvp(f, [s], [ds]) as [Tensor, Tensor]),
  debugNans: (f) => debugNans(f),
};

/** The program's results along a line, weighted to one number. */
function alongLine({ f, inputs }: RandomProgram): Scalar {
  const weights = f(...inputs).map((y, i) => wave(y.shape, 40 + i));
  return (s) =>
    f(...inputs.map((x, i) => x.add(wave(x.shape, i).mul(s))))
      .map((y, i) => y.mul(weights[i]).sum())
      .reduce((a, b) => a.add(b));
}

const pick = (table: object, seed: number): string => Object.keys(table)[seed % Object.keys(table).length];

describe("any nesting of transforms", () => {
  it("gives the third derivative of random programs, whatever is wrapped around on the way", () => {
    let seed = 0;
    const used = new Set<string>();
    forAll(
      randomPrograms({ steps: 4 }),
      (program) => {
        const line = alongLine(program);
        const plain = [1, 2, 3]
          .reduce<Scalar>(
            (f) => derivatives.jvp(f),
            line,
          )(tensor(0))
          .item();
        for (let k = 0; k < 3; k++) {
          let [f, what] = [line, "f"];
          for (let level = 0; level < 3; level++) {
            seed += 1 + 5 * level + k;
            const [d, w] = [pick(derivatives, seed), pick(wrappers, 3 * seed + (seed >> 2))];
            f = derivatives[d](wrappers[w](f));
            what = `${d}(${w}(${what}))`;
            used.add(d).add(w);
          }
          const got = f(tensor(0)).item();
          expect(Math.abs(got - plain), `${what}: ${got} for ${plain}`).toBeLessThanOrEqual(
            1e-11 * Math.max(1, Math.abs(plain)),
          );
        }
      },
      { runs: 40 },
    );
    expect(used.size).toBe(Object.keys(derivatives).length + Object.keys(wrappers).length);
  });

  it("is told apart from one whose tangent is cut on the way", () => {
    let [different, count] = [0, 0];
    forAll(
      randomPrograms({ steps: 4 }),
      (program) => {
        const line = alongLine(program);
        const plain = derivatives.jvp(derivatives.jvp(line))(tensor(0)).item();
        if (plain === 0) return;
        count++;
        const cut = derivatives.jvp(derivatives.grad((s) => line(stopTangent(s))));
        if (Math.abs(cut(tensor(0)).item() - plain) > 1e-9) different++;
      },
      { runs: 60 },
    );
    expect(different / count).toBeGreaterThan(0.9);
  });
});

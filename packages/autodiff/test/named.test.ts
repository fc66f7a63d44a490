import { compile, named, type Tensor, tensor, trace } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { checkpoint, debugNans, grad, jvp, vmap } from "../src/index.ts";

const x = tensor([0.3, -1.2]);
const f = (a: Tensor): Tensor => named(a.sin(), "wave").mul(a).sum();
const plain = (a: Tensor): Tensor => a.sin().mul(a).sum();

/** Recorded names in the order of the program. */
const namesOf = (g: (a: Tensor) => unknown): string[] => [...trace(g)(x).names.values()];

describe("a named value under transforms", () => {
  it("gives names to its tangent and its cotangent", () => {
    expect(namesOf((a) => jvp(f, [a], [a]))).toEqual(["wave", "dwave"]);
    expect(namesOf(grad(f))).toEqual(["wave", "∇wave"]);
    expect(namesOf(grad((a: Tensor) => jvp(f, [a], [a])[1]))).toEqual(["wave", "dwave", "∇dwave", "∇wave"]);
    expect(namesOf((a) => jvp((b: Tensor) => jvp(f, [b], [b])[1], [a], [a]))).toEqual([
      "wave",
      "dwave",
      "dwave",
      "ddwave",
    ]);
  });

  it("keeps its name under vmap", () => {
    expect(namesOf(vmap(f))).toEqual(["wave"]);
    expect(namesOf(vmap(grad(f)))).toEqual(["wave", "∇wave"]);
  });

  it("the name of a cotangent is that of the whole sum", () => {
    const program = trace(grad((a: Tensor) => [named(a.sin(), "wave")].map((w) => w.mul(w).add(w).sum())[0]))(x);
    const [cotangent] = [...program.names].filter(([, name]) => name === "∇wave").map(([value]) => value);
    expect(program.equations.find(({ output }) => output === cotangent)?.primitive.name).toBe("add");
  });

  it("has the values and derivatives of a value without a name", () => {
    const transforms = [grad, compile, (g) => compile(grad(g)), (g) => grad(checkpoint(g)), debugNans] as ((
      g: typeof f,
    ) => typeof f)[];
    for (const transform of transforms) expect(transform(f)(x).toArray()).toEqual(transform(plain)(x).toArray());
    expect(trace(grad(f))(x).equations.length).toBe(trace(grad(plain))(x).equations.length);
  });
});

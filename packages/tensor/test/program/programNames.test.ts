import { describe, expect, it } from "vitest";
import {
  bind,
  compile,
  interpret,
  mergeEqual,
  named,
  primitives,
  programNames,
  simplify,
  type Tensor,
  tensor,
  trace,
} from "../../src/index.ts";

const x = tensor([1, 2, 3]);
const stop = (value: Tensor, label: string): Tensor => bind(primitives.stopGradient, [value], { label });
const header = (text: string): string => text.split("\n")[0];

/** A tree of arguments whose keys are no plain words. */
const odd = { "0": x, "my key": x, NaN: x, "a.b": x, θ: x };

describe("names of inputs", () => {
  it("are paths in the arguments; a bare tensor is called what the caller says", () => {
    const params = { layers: [{ bias: x, weight: x }] };
    const f = (p: typeof params, s: Tensor) => p.layers[0].weight.mul(s).add(p.layers[0].bias);
    expect(header(trace(f)(params, x).print())).toBe(
      "{ layers[0].bias: float64[3], layers[0].weight: float64[3], a: float64[3] → c }",
    );
    expect(header(trace(f, { names: ["params", "s"] })(params, x).print())).toBe(
      "{ params.layers[0].bias: float64[3], params.layers[0].weight: float64[3], s: float64[3] → b }",
    );
    expect(header(trace(f, { names: [undefined, "s"] })(params, x).print())).toContain("{ layers[0].bias: ");
  });

  it("of two arguments with the same paths are numbered, and need no quotes", () => {
    const sum = (p: { w: Tensor }, q: { w: Tensor }) => p.w.add(q.w);
    expect(header(trace(sum)({ w: x }, { w: x }).print())).toBe("{ w: float64[3], w_2: float64[3] → a }");
    const { inputs } = trace((tree: typeof odd) => tree.θ)(odd).toJSON();
    expect(inputs.map(({ name }) => name)).toEqual(["_0", "_NaN", "a.b", "my_key", "θ"]);
  });

  it("are texts", () => {
    expect(() => trace((y: Tensor) => y, { names: "x" as never })).toThrow(
      'trace: names must be a list, got the text "x"',
    );
    expect(() => trace((y: Tensor) => y, { names: [1 as never] })).toThrow(
      "trace: names[0] must be text, got the number 1",
    );
  });
});

describe("named", () => {
  it("names a result and leaves everything else as it is", () => {
    const plain = (a: Tensor) => a.sin().mul(a);
    const withName = (a: Tensor) => named(a.sin(), "wave").mul(a);
    expect(trace(withName)(x).print()).toBe(
      trace(plain)(x).print().replaceAll(/\bb\b/g, "wave").replaceAll(/\bc\b/g, "b"),
    );
    expect(named(x, "x")).toBe(x);
    expect(compile(withName)(x).toArray()).toEqual(plain(x).toArray());
    expect(() => named(3 as never, "three")).toThrow("named: x must be a tensor");
    expect(() => named(x, 3 as never)).toThrow("named: the name must be text");
  });

  it("is unique, and never a letter that a value without a name gets", () => {
    const f = (a: Tensor) => named(named(a.sin(), "b").add(named(a.cos(), "b")), "b_2").mul(named(a.exp(), "c"));
    const program = trace(f)(x);
    const names = [...programNames(program).values()];
    expect(names).toEqual(["a", "b", "b_2", "b_2_2", "c", "d"]);
    expect(new Set(names).size).toBe(names.length);
  });

  it("keeps the first name of a value, and the path of an input", () => {
    expect([
      ...trace((a: Tensor) => named(named(named(a, "z").sin(), "first"), "second"), { names: ["x"] })(x).names.values(),
    ]).toEqual(["x", "first"]);
  });

  it("stays through interpret, simplify and mergeEqual, also where equal equations become one", () => {
    const program = trace((a: Tensor) => a.sin().add(named(a.sin(), "wave")).add(a.mul(0)))(x);
    const again = trace((a: Tensor) => interpret(program, [a])[0])(x);
    for (const each of [program, again, simplify(program), mergeEqual(program)])
      expect(each.print()).toContain("wave: float64[3] = sin a");
  });

  it("a stopped value without a name is called as its label", () => {
    const program = trace((a: Tensor) => stop(a, "target").mul(named(stop(a.sin(), "target"), "wave")))(x);
    expect(program.equations.map(({ output }) => programNames(program).get(output))).toEqual([
      "target",
      "b",
      "wave",
      "c",
    ]);
  });
});

describe("mergeEqual", () => {
  it("merges equal equations and drops unused ones; stops, constants and numbers stay", () => {
    const f = (a: Tensor) => {
      a.exp();
      return stop(a.sin(), "one")
        .add(stop(a.sin(), "one"))
        .add(stop(a.sin(), "two"))
        .add(a.sin())
        .add(tensor(1).add(1));
    };
    const merged = mergeEqual(trace(f)(x));
    expect(merged.print()).toMatchInlineSnapshot(`
      "{ a: float64[3] → h }
        b: float64[3] = sin a
        one: float64[3] = stopGradient[label="one"] b
        c: float64[3] = add one one
        two: float64[3] = stopGradient[label="two"] b
        d: float64[3] = add c two
        e: float64[3] = add d b
        f: float64[] = add 1 1
        g: float64[3] = broadcastTo[shape=[3]] f
        h: float64[3] = add e g"
    `);
    expect(interpret(merged, [x])[0].toArray()).toEqual(f(x).toArray());
  });
});

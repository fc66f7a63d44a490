import { describe, expect, it } from "vitest";
import { named, type ProgramJson, type Tensor, tensor, trace } from "../../src/index.ts";

describe("a program as JSON", () => {
  const c = tensor([1, NaN, -0, Infinity]);
  const program = trace((a: Tensor, n: number) => ({ y: a.mul(n).add(c), a }))(tensor([1, 2, 3, 4]), 2);

  it("names everything, carries constants and survives being written and read", () => {
    const json = program.toJSON();
    expect(JSON.parse(JSON.stringify(program))).toEqual(JSON.parse(JSON.stringify(json)));
    expect(json.inputs).toEqual([
      { name: "a", shape: [4], dtype: "float64", weak: false },
      { name: "b", shape: [], dtype: "float64", weak: true },
    ]);
    expect(json.constants).toEqual([
      { name: "f", shape: [4], dtype: "float64", weak: false, values: [1, "NaN", "-0", "Infinity"] },
    ]);
    expect(json.equations.map(({ primitive, operands, output }) => [output.name, primitive, ...operands])).toEqual([
      ["c", "broadcastTo", "b"],
      ["d", "mul", "a", "c"],
      ["e", "add", "d", "f"],
    ]);
    expect(json.outputs).toEqual(["a", "e"]);
  });

  it("keeps parameters and source lines", () => {
    const [broadcast] = program.toJSON().equations;
    expect(broadcast.params).toEqual({ shape: [4] });
    expect(broadcast.source).toMatch(/programJson\.test\.ts/);
  });

  it("keeps the names that the text shows", () => {
    const { inputs, equations, outputs } = JSON.parse(
      JSON.stringify(trace((x: Tensor) => named(x.sin(), "y").mul(x), { names: ["x"] })(tensor([1]))),
    ) as ProgramJson;
    expect(inputs.map(({ name }) => name)).toEqual(["x"]);
    expect(equations.map(({ output, operands }) => [output.name, ...operands])).toEqual([
      ["y", "x"],
      ["a", "y", "x"],
    ]);
    expect(outputs).toEqual(["a"]);
  });
});

import { describe, expect, it } from "vitest";
import { printProgram, type Tensor, tensor, trace } from "../../src/index.ts";
import { letterName } from "../../src/program/programNames.ts";

const x = tensor([
  [1, 2],
  [3, 4],
]);

describe("printProgram", () => {
  it("shows inputs, outputs, and one equation a line with its parameters", () => {
    const program = trace((a: Tensor, n: number) => a.mul(n).sum(0).add(x.sum(0)).transpose([0]))(x, 3);
    expect(String(program)).toMatchInlineSnapshot(`
      "{ a: float64[2,2], b: float64*[] → g }
        c: float64*[2,2] = broadcastTo[shape=[2,2]] b
        d: float64[2,2] = mul a c
        e: float64[2] = sum[axes=[0]] d
        f: float64[2] = sum[axes=[0]] const float64[2,2]
        g: float64[2] = add e f"
    `);
  });

  it("writes small constants as numbers and others by their type", () => {
    expect(trace((a: Tensor) => a.add(tensor(2)).matmul(x))(x).print()).toMatchInlineSnapshot(`
      "{ a: float64[2,2] → d }
        b: float64[2,2] = broadcastTo[shape=[2,2]] 2
        c: float64[2,2] = add a b
        d: float64[2,2] = matmul c const float64[2,2]"
    `);
  });

  it("adds remarks and source lines on demand", () => {
    const text = printProgram(trace((a: Tensor) => a.sin())(x), { withSource: true, annotate: () => "tangent" });
    expect(text).toMatch(/b: float64\[2,2\] = sin a {3}# tangent {2}.*printProgram\.test\.ts:\d+:\d+$/);
  });

  it("names variables a … z, aa, ab …", () => {
    expect([0, 25, 26, 51, 52, 701, 702].map(letterName)).toEqual(["a", "z", "aa", "az", "ba", "zz", "aaa"]);
  });
});

import { type Tensor, tensor, trace } from "@pushforward/tensor";
import { callOf, faultsOf, type MisuseTable, validCall } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import * as api from "../src/index.ts";

const x = tensor([1, 2]) as Tensor;
const same = (y: Tensor): Tensor => y;
const program = trace((a: Tensor, b: Tensor) => a.mul(b).sum(), { names: ["a", "b"] })(x, x);

/** Functions of programs and differences; messages.test.ts shows the messages of the operators. */
const table: MisuseTable = {
  centralDifference: validCall([same, [x], [x], 0.1]),
  cotangentsOnly: validCall([same], (f) => f(x)),
  cutProgram: validCall([program, [{ label: "cut", uses: [{ equation: 0, operand: 1 }] }]], (f) => f(x, x)),
  "cutProgram, its function": validCall([x, x], undefined, { f: api.cutProgram(program, []) }),
  differenceErrors: validCall([same, [x], [x], { steps: [0.1], derivative: x }]),
  recordDerivatives: validCall([program, [x, x], { tangents: [x, x], cotangents: [tensor(1)] }]),
};

describe("arguments that TypeScript would refuse", () => {
  it.each(Object.entries(table))("%s takes its valid call", (name, row) => {
    expect(() => callOf(api, name, row)(...row.args)).not.toThrow();
  });

  it.each(Object.entries(table))("%s refuses them by an error that is the framework's", (name, row) => {
    expect(faultsOf(api, name, row)).toEqual([]);
  });

  it("are named with the operation, the argument and what came", () => {
    expect(() => api.cutProgram(program, [{ label: "cut" } as never])).toThrow(
      "cutProgram: the uses of a cut must be a list, got undefined",
    );
    expect(() => api.recordDerivatives(null as never, [], { tangents: [], cotangents: [] })).toThrow(
      "recordDerivatives: the program must be an object, got null",
    );
    expect(() => api.differenceErrors(() => 1 as never, [x], [x], { steps: [0.1] })).toThrow(
      "differenceErrors: the result of f must be a tensor, got the number 1",
    );
  });
});

import { expectSameBits, forAll, randomPrograms } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { checkProgram, compile, interpret, Program, type Tensor, tensor, trace } from "../../src/index.ts";

const all = ["smooth", "kinky", "discrete", "stop"] as const;

describe("interpret", () => {
  it("performs a traced program with the same bits as the function", () => {
    forAll(randomPrograms({ kinds: all }), ({ f, inputs }) => {
      const program = trace(f)(...inputs);
      checkProgram(program);
      expectSameBits(interpret(program, inputs), f(...inputs));
    });
  });

  it("runs under whatever interpreter is in charge: tracing a program gives it back", () => {
    forAll(randomPrograms({ kinds: all }), ({ f, inputs }) => {
      const program = trace(f)(...inputs);
      const again = trace((...xs: Tensor[]) => interpret(program, xs))(...inputs);
      expect(again.print()).toBe(program.print());
    });
  });

  it("uses other inputs of the same types", () => {
    const program = trace((a: Tensor) => a.mul(a))(tensor([1, 2]));
    expect(interpret(program, [tensor([3, 4])])[0].toArray()).toEqual([9, 16]);
    expect(() => interpret(program, [])).toThrow("interpret: the program takes 1 input(s), got 0");
  });
});

describe("checkProgram", () => {
  const program = trace((a: Tensor) => a.sin().cos())(tensor([1]));

  it("accepts what trace makes", () => {
    expect(() => checkProgram(program)).not.toThrow();
  });

  it("finds a variable used before it is defined", () => {
    const swapped = new Program(program.inputs, [...program.equations].reverse(), program.outputs);
    expect(() => checkProgram(swapped)).toThrow("equation 0 (cos) uses a variable that no earlier equation defines");
  });

  it("finds an output whose type does not follow", () => {
    const [first] = program.equations;
    const wrong = { ...first, output: trace((a: Tensor) => a.sum())(tensor([1])).equations[0].output };
    expect(() => checkProgram(new Program(program.inputs, [wrong], []))).toThrow("declares [] but computes [1]");
  });
});

describe("a program that was traced before", () => {
  it("may be compiled like any function", () => {
    forAll(randomPrograms(), ({ f, inputs }) => {
      const program = trace(f)(...inputs);
      const compiled = compile((...xs: Tensor[]) => interpret(program, xs));
      expectSameBits(compiled(...inputs), f(...inputs));
    });
  });
});

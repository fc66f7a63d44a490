import { DTypeError, type Tensor, tensor, trace } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import {
  blockedCotangents,
  cotangentsOnly,
  cutProgram,
  grad,
  jacfwd,
  jacrev,
  type ProgramCut,
  stopGradient,
  withStops,
} from "../src/index.ts";

/** y = x·x, z = y·x = x³, result z + sg(y): equations y, z, sg(y), their sum. */
const f = (x: Tensor): Tensor => {
  const y = x.mul(x);
  return y.mul(x).add(stopGradient(y, "square"));
};
const program = trace(f)(tensor(2));

/** The program with cuts as a function of its input. */
const cut =
  (...cuts: ProgramCut[]) =>
  (x: Tensor): Tensor =>
    cutProgram(program, cuts)(x)[0];
const at = (equation: number, operand: number): ProgramCut => ({ label: "cut", uses: [{ equation, operand }] });

describe("cutProgram", () => {
  it.each([
    ["no use", cut(), 12], // 3x²
    ["the first factor of x·x", cut(at(0, 0)), 8], // x·x counts half: x³ → x² + x²
    ["x² as a factor of x²·x", cut(at(1, 0)), 4], // x²
    ["x as a factor of x²·x", cut(at(1, 1)), 8], // 2x²
    ["the result", cut(at(4, 0)), 0],
  ])("cuts %s: the value 12 stays, the derivative is that of the other uses", (_, g, derivative) => {
    expect(g(tensor(2)).item()).toBe(12);
    expect(grad(g)(tensor(2)).item()).toBe(derivative);
    expect(jacfwd(g)(tensor(2)).item()).toBe(derivative);
  });

  it("leaves the stops of the program to withStops", () => {
    expect(withStops(["square"], () => grad(cut())(tensor(2))).item()).toBe(16); // 3x² + 2x
    expect(withStops(["cut"], () => grad(cut(at(1, 0)))(tensor(2))).item()).toBe(12); // control: the stop is on again
  });

  it("has the cotangents that its cuts discard", () => {
    const { cut: blocked, square } = blockedCotangents(cut(at(1, 0)))(tensor(2));
    expect([blocked[0].item(), square[0].item()]).toEqual([2, 1]); // x, and 1 at the sum
  });

  it("refuses uses that are not there, and other numbers of inputs", () => {
    expect(() => cutProgram(program, [at(4, 1)])).toThrow(
      "cutProgram: a use must be an operand of one of 4 equations, or a result as equation 4; got operand 1 of equation 4",
    );
    expect(() => cutProgram(program, [at(-1, 0)])).toThrow("got operand 0 of equation -1");
    expect(() => cutProgram(program, [])()).toThrow("cutProgram: the program takes 1 input(s), got 0");
    expect(() => cutProgram("x·x" as never, [])).toThrow(DTypeError);
    expect(() => cutProgram(program, 3 as never)).toThrow(DTypeError);
  });
});

describe("cotangentsOnly", () => {
  it("stops reverse mode alone, so that Jacobians differ", () => {
    const g = cotangentsOnly(cut(at(1, 0)));
    expect([g(tensor(2)).item(), jacrev(g)(tensor(2)).item()]).toEqual([12, 4]);
    expect(jacfwd(g)(tensor(2)).item()).toBe(16); // 3x² + 2x: forward mode passes the stop of the program too
  });

  it("leaves stops alone that are off", () => {
    expect(withStops(["cut"], () => jacrev(cotangentsOnly(cut(at(1, 0))))(tensor(2))).item()).toBe(12);
    expect(() => cotangentsOnly(3 as never)).toThrow(DTypeError);
  });
});

import { describe, expect, it } from "vitest";
import { arange, compile, maxEquations, type Tensor, tensor, trace, where } from "../../src/index.ts";

const x = tensor([1, 2, 3]);
const names = (f: (x: Tensor) => unknown): string[] => trace(f)(x).equations.map((e) => e.primitive.name);

describe("trace", () => {
  it("records every operation in order", () => {
    expect(names((a) => a.sin().mul(a).sum())).toEqual(["sin", "mul", "sum"]);
  });

  it("records broadcasting and the cast of a number as equations of their own", () => {
    expect(trace((a: Tensor, n: number) => a.mul(n))(x, 2).print()).toMatchInlineSnapshot(`
      "{ a: float64[3], b: float64*[] → d }
        c: float64*[3] = broadcastTo[shape=[3]] b
        d: float64[3] = mul a c"
    `);
    const single = x.cast("float32");
    expect(trace((a: Tensor, n: number) => a.mul(n))(single, 2).print()).toMatchInlineSnapshot(`
      "{ a: float32[3], b: float64*[] → e }
        c: float32[] = cast[dtype="float32"] b
        d: float32[3] = broadcastTo[shape=[3]] c
        e: float32[3] = mul a d"
    `);
  });

  it("takes and gives trees; a constant or an input may be an output", () => {
    const program = trace(({ w, b }: { w: Tensor; b: Tensor }) => ({ y: [w.add(b)], b, c: x, n: 1 }))({ w: x, b: x });
    expect(program.inputs.length).toBe(2);
    expect(program.outputs.map((out) => program.inputs.indexOf(out as never))).toEqual([0, -1, -1, -1]);
  });

  it("computes on constants alone are recorded too, to be folded later", () => {
    expect(names((a) => a.add(x.mul(2)))).toEqual(["broadcastTo", "mul", "add"]);
  });

  it("unrolls loops, and says so where a program gets too long", () => {
    expect(names((a) => [1, 2, 3].reduce((sum) => sum.add(a), a))).toEqual(["add", "add", "add"]);
    const endless = (a: Tensor): Tensor => {
      for (let i = 0; i <= maxEquations; i++) a = a.neg();
      return a;
    };
    // compile does not look up source lines, so that this takes no time.
    expect(() => compile(endless)(x)).toThrow(
      `compile: the program has more than ${maxEquations} equations; a loop unrolls`,
    );
  });

  it("has no numbers to read: item, dataSync and tensor() say what to do", () => {
    expect(() => trace((a: Tensor) => a.sum().item())(x)).toThrow("item: a value being traced has no numbers yet");
    expect(() => trace((a: Tensor) => (a.dataSync()[0] > 0 ? a : a.neg()))(x)).toThrow("use where() instead of if");
    expect(() => trace((a: Tensor) => tensor([a.sum(), 1]))(x)).toThrow("join such values with stack");
  });

  it("refuses functions that return a promise or something else that is no tree", () => {
    expect(() => trace((async (a: Tensor) => a) as never)(...([x] as unknown as []))).toThrow(
      "trace: the argument or result is a Promise",
    );
    expect(() => trace(() => "text")()).toThrow("trace: the argument or result must be a tensor");
  });

  it("remembers the user's line of every equation", () => {
    const { equations } = trace((a: Tensor) => where(a.less(2), a, arange(3)))(x);
    for (const { source } of equations) expect(source).toMatch(/trace\.test\.ts:\d+:\d+$/);
  });
});

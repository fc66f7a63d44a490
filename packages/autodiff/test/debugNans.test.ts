import { readFileSync } from "node:fs";
import { compile, DomainError, type Tensor, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { checkpoint, customVjp, debugNans, grad, jvp, NanError, vmap } from "../src/index.ts";

const caught = (f: () => unknown): NanError => {
  try {
    f();
  } catch (error) {
    if (error instanceof NanError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
};

/** Number of this file's line that ends with a marker. */
const lineOf = (marker: string): number =>
  readFileSync(import.meta.filename, "utf8")
    .split("\n")
    .findIndex((line) => line.endsWith(`// ${marker}`)) + 1;

const f = (x: Tensor) => {
  const shifted = x.sub(2);
  return shifted.log().mul(0).sum(); // log
};

const g = (x: Tensor) => {
  const root = x.sqrt(); // sqrt
  return root.mul(0).sum();
};

describe("debugNans", () => {
  it("changes nothing where there is no NaN", () => {
    expect(debugNans(f)(tensor([3, 4])).item()).toBe(f(tensor([3, 4])).item());
    expect(debugNans(grad(f))(tensor([3, 4])).toArray()).toEqual([0, 0]);
  });

  it("throws at the first operation that makes one, with its operands and the user's line", () => {
    const error = caught(() => debugNans(f)(tensor([3, 1])));
    expect(error).toBeInstanceOf(DomainError);
    expect(error.primitive).toBe("log");
    expect(error.message).toContain('"log" made the first NaN, at flat index 1 of [2], from [2] in [-1, 1]');
    expect(error.source).toContain(`debugNans.test.ts:${lineOf("log")}:`);
    expect(error.backwardOf).toBe(undefined);
  });

  it("finds the operation whose transpose makes one, with the line where it was applied", () => {
    // √0 has an infinite derivative, and 0·∞ is NaN: the value is fine.
    expect(debugNans(g)(tensor([0])).item()).toBe(0);
    const error = caught(() => debugNans(grad(g))(tensor([0])));
    expect(error.backwardOf).toBe("div");
    expect(error.message).toContain('in the backward pass of "div"');
    expect(error.source).toContain(`debugNans.test.ts:${lineOf("sqrt")}:`);
  });

  it("does not blame an operation for a NaN that it was given", () => {
    expect(debugNans((x: Tensor) => x.add(1).sum())(tensor([Number.NaN])).item()).toBe(Number.NaN);
  });

  it("looks inside vmap, compiled functions, checkpoints and tangents", () => {
    const x = tensor([3, 1]) as Tensor;
    const log = (x: Tensor) => x.sub(2).log();
    expect(caught(() => debugNans(vmap(log))(x)).primitive).toBe("log");
    expect(caught(() => debugNans(compile(log))(x)).primitive).toBe("log");
    expect(caught(() => debugNans(checkpoint(log))(x)).primitive).toBe("log");
    const root = (x: Tensor) => jvp((z: Tensor) => z.sqrt(), [x], [x])[1];
    expect(caught(() => debugNans(root)(tensor([0]))).primitive).toBe("div");
  });

  it("finds infinities only where it is asked to, and says where in the result the value is", () => {
    const h = (x: Tensor) => x.log().sum();
    const x = tensor([1, 0, 2]);
    expect(debugNans(h)(x).item()).toBe(Number.NEGATIVE_INFINITY);
    const { primitive, index, shape, value } = caught(() => debugNans(h, { infinities: true })(x));
    expect({ primitive, index, shape, value }).toEqual({
      ...{ primitive: "log", index: 1, shape: [3], value: Number.NEGATIVE_INFINITY },
    });
    expect(() => debugNans(h, { infinities: 1 as never })).toThrow("infinities must be true or false");
  });

  it("may stand inside a transform, and then leaves custom rules in force", () => {
    expect(caught(() => grad(debugNans(f))(tensor([3, 1]))).primitive).toBe("log");
    const marked = customVjp(
      (x: Tensor) => x.mul(1),
      (x: Tensor) => [x.mul(1), null] as const,
      (_, ct: Tensor) => [ct.mul(7)],
    );
    expect(grad(debugNans(marked))(tensor(1)).item()).toBe(7);
  });
});

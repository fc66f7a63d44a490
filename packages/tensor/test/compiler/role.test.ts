import { expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { roleOf } from "../../src/compiler/role.ts";
import {
  BackendError,
  bind,
  compile,
  DenseTensor,
  makeGpujs,
  type Primitive,
  type PrimitiveName,
  primitives,
  simplify,
  type Tensor,
  tensor,
  trace,
} from "../../src/index.ts";

type Values = (x: DenseTensor) => number[];

/** A primitive of a caller's own: x [n, n] → [n], with or without an expression. */
const ownPrimitive = (name: string, values: Values, more: Partial<Primitive> = {}): Primitive => ({
  name,
  arity: 1,
  type: ([x]) => ({ shape: x.shape.slice(1), dtype: x.dtype, weak: x.weak }),
  eval: ([x]) => (x.buffer.constructor as typeof Float32Array).from(values(x)),
  ...more,
});

const diagonal: Values = ({ buffer, shape: [n] }) => Array.from({ length: n }, (_, i) => buffer[i * n + i]);
const x = tensor([
  [1, 2],
  [3, 4],
]).cast("float32");
const applied = (primitive: Primitive) => (a: Tensor) => bind(primitive, [a], {});
const onGpu = makeGpujs({ mode: "webasm" });

/** A few names of our own of every role, and one that does not exist. */
const names = ["diagonal", ...Object.keys(primitives)] as const;

describe("roleOf", () => {
  it("leaves every primitive of the table to a kernel, a view or a marker", () => {
    const roles = Object.entries(primitives).map(([name, primitive]) => {
      const equation = { primitive: primitive as unknown as Primitive<object>, operands: [], params: {} };
      return [name, roleOf(equation as unknown as Parameters<typeof roleOf>[0])] as const;
    });
    expect(roles.filter(([, role]) => role === "host")).toEqual([]);
    const withoutText = roles.filter(([name]) => !primitives[name as PrimitiveName].expression);
    expect(withoutText.filter(([, role]) => role === "map")).toEqual([]);
  });

  it.each(names)("computes a caller's own primitive called %s by its loop, or refuses it", (name) => {
    const own = ownPrimitive(name, diagonal);
    for (const backend of ["wasm", "reference"] as const) {
      const f = compile((a: Tensor) => [applied(own)(a), applied(own)(a.mul(2))], { backend });
      expectSameBits(
        f(x),
        [Float32Array.of(1, 4), Float32Array.of(2, 8)].map((y) => new DenseTensor(y, [2], "float32")),
      );
    }
    const program = simplify(trace(applied(own))(x));
    expect(() => onGpu.prepare(program)).toThrow(BackendError);
    expect(() => onGpu.prepare(program)).toThrow(`got "${name}"`);
  });

  it("takes a caller's own primitive with an expression for a map, whatever its name is", () => {
    const cube = ownPrimitive("sum", ({ buffer }) => Array.from(buffer, (value) => value ** 3), {
      expression: () => "x * x * x",
      type: ([a]) => ({ shape: a.shape, dtype: a.dtype, weak: a.weak }),
    });
    const f = compile(applied(cube), { backend: "wasm" });
    expect([...f(x).dataSync()]).toEqual([1, 8, 27, 64]);
  });

  it("does not merge primitives that share a name, nor parameters that JSON cannot tell apart", () => {
    const last: Values = ({ buffer, shape: [n] }) => [...buffer.slice(-n)];
    const [a, b] = [diagonal, last].map((values) => ownPrimitive("rows", values));
    const f = (y: Tensor) => [applied(a)(y), applied(b)(y)];
    expectSameBits(compile(f, { backend: "wasm" })(x), f(x));
    const fill: Primitive<{ readonly value: number }> = {
      name: "fill",
      arity: 1,
      type: ([y]) => ({ shape: y.shape.slice(1), dtype: y.dtype, weak: y.weak }),
      eval: (_, { value }) => new Float32Array(2).fill(value),
    };
    const values = [0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const g = (y: Tensor) => values.map((value) => bind(fill, [y], { value }));
    expectSameBits(compile(g, { backend: "wasm" })(x), g(x));
  });

  it("runs an unknown primitive of whole numbers on the host of a GPU", () => {
    const own = ownPrimitive("diagonal", diagonal);
    const program = simplify(trace((a: Tensor) => applied(own)(a).cast("float32").mul(2))(x.cast("int32")));
    expect(() => onGpu.prepare(program)).not.toThrow();
  });
});

import { expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { roleOf } from "../../src/compiler/role.ts";
import {
  BackendError,
  bind,
  compile,
  DenseTensor,
  type Layout,
  makeGpujs,
  type NameWithRole,
  type Primitive,
  plan,
  primitives,
  type Role,
  ready,
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
  role: "host",
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

/** The roles that need a kernel of a backend, or something that the primitive lacks. */
const unfounded: readonly Role[] = ["map", "view", "reduce", "contract", "scan", "move"];

const applicationOf = (primitive: Primitive<object>) =>
  ({ primitive, operands: [], params: {} }) as unknown as Parameters<typeof roleOf>[0];

describe("roleOf", () => {
  it("leaves every primitive of the table to a kernel, a view or a marker", () => {
    for (const primitive of Object.values<Primitive<object>>(primitives)) {
      expect([primitive.name, roleOf(applicationOf(primitive))]).toEqual([primitive.name, primitive.role]);
      expect(primitive.role).not.toBe("host");
      expect([primitive.name, primitive.expression !== undefined]).toEqual([
        primitive.name,
        primitive.role === "map" || primitive.role === "marker",
      ]);
      expect(primitive.view !== undefined).toBe(primitive.role === "view");
    }
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

  it.each(unfounded)("does not guess a kernel for a caller's own primitive that only claims the role %s", (role) => {
    const own = ownPrimitive("sum", diagonal, { role });
    expect(roleOf(applicationOf(own))).toBe("host");
    const f = (a: Tensor) => applied(own)(a.mul(2));
    expectSameBits(compile(f, { backend: "wasm" })(x), f(x));
    expect(() => onGpu.prepare(simplify(trace(f)(x)))).toThrow(BackendError);
  });

  it("treats a caller's own primitive without a role, as JavaScript allows it, by its loop", () => {
    const own = ownPrimitive("rows", diagonal, { role: undefined as unknown as Role });
    expectSameBits(compile(applied(own), { backend: "wasm" })(x), applied(own)(x));
  });

  const ownView = (view: NonNullable<Primitive["view"]>) => ownPrimitive("transpose", diagonal, { role: "view", view });
  const readDiagonal = ({ shape: [n], strides: [row, column], offset }: Layout) => ({
    shape: [n],
    strides: [row + column],
    offset,
  });

  it("looks through a caller's own view, on every backend without a copy", async () => {
    const f = (a: Tensor) => applied(ownView(readDiagonal))(a.mul(2)).add(1);
    const program = simplify(trace(f)(x));
    expect(plan(program).kernels.map(({ kind }) => kind)).toEqual(["map", "map"]);
    expectSameBits(compile(f, { backend: "wasm" })(x), f(x));
    expectSameBits(await ready(compile(f, { backend: onGpu })(x)), f(x));
  });

  it("leaves a caller's own view that needs a copy to its loop", () => {
    const f = (a: Tensor) => applied(ownView(() => undefined))(a.mul(2));
    expect(plan(trace(f)(x)).kernels.map(({ kind }) => kind)).toEqual(["map", "host"]);
    expectSameBits(compile(f, { backend: "wasm" })(x), f(x));
  });

  it("names in types what a table of a role lacks", () => {
    const scans: Record<NameWithRole<"scan">, string> = { cumsum: "running sums" };
    // @ts-expect-error Without a row for argmax the table does not compile.
    const reductions: Record<NameWithRole<"reduce">, number> = { sum: 1, max: 1, min: 1 };
    expect([scans, reductions].map((table) => Object.keys(table))).toEqual([["cumsum"], ["sum", "max", "min"]]);
  });

  it("takes a caller's own primitive with an expression for a map, whatever its name is", () => {
    const cube = ownPrimitive("sum", ({ buffer }) => Array.from(buffer, (value) => value ** 3), {
      role: "map",
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
      role: "host",
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

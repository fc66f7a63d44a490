import {
  caseFamilies,
  expectSameBits,
  type PrimitiveCase,
  primitiveCases,
  primitiveNames,
  randomPrograms,
} from "@pushforward/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import {
  type AsyncBackend,
  BackendError,
  bind,
  type DType,
  type PrimitiveName,
  plan,
  primitiveOf,
  type Tensor,
  tensor,
  trace,
  where,
} from "../../../../src/index.ts";
import { expectNear, runBoth, throughFloat } from "./compare.ts";

/** What makes whole numbers larger, or looks at their bits. */
const notOnInteger: ReadonlySet<string> = new Set([
  ...["add", "sub", "mul", "integerPow", "remainder", "sum", "cumsum", "matmul", "scatterAdd"],
  ...["bitXor", "bitAnd", "shiftLeft", "shiftRight", "threefry", "unitFromBits"],
]);

/** Scale of an element besides its own size, as float64: what an error is a part of. */
function scaleOf({ name, operands, params }: PrimitiveCase): (i: number) => number {
  const [x, y] = operands.map(({ buffer }) => buffer);
  if (name === "sin" || name === "cos") return (i) => Math.max(0.05, Math.abs(x[i]) * 0.02);
  if (name === "remainder") return (i) => Math.abs(x[i]) + Math.abs(y[i]);
  if (name === "pow") return (i) => Math.abs(x[i]) ** y[i] * (1 + Math.abs(y[i] * Math.log(Math.abs(x[i]))) / 20);
  if (name === "matmul" || name === "sum" || name === "cumsum" || name === "scatterAdd") {
    const sizes = operands.map((operand) => (operand.dtype === "int32" ? operand : operand.abs()));
    const terms = bind(primitiveOf(name), sizes, params).concrete("test").buffer;
    return (i) => terms[i];
  }
  return () => 0;
}

const dtypesOf = (name: PrimitiveName): DType[] =>
  (["float32", "int32", "bool"] as const).filter((dtype) => caseFamilies[name].dtypes.includes(dtype));

const casesOf = (name: PrimitiveName, dtype: DType, runs: number): PrimitiveCase[] =>
  (["wide", "smooth"] as const).flatMap((values) =>
    fc.sample(primitiveCases(name, { dtype, values }), { seed: 20250519, numRuns: runs }),
  );

/** Every primitive on values of the device; all cases of one dtype are one program, so one pipeline. */
export function primitiveSuite(backend: AsyncBackend, runs: number): void {
  const rows = primitiveNames.flatMap((name) => dtypesOf(name).map((dtype) => [name, dtype] as const));
  it.each(rows)("%s of %s computes what the reference does", async (name, dtype) => {
    const isRefused = (each: PrimitiveCase) =>
      notOnInteger.has(name) && (each.operands[0].dtype === "int32" || name === "unitFromBits");
    const cases = casesOf(name, dtype, runs).filter(
      (each) =>
        each.operands.every((x) => x.dtype !== "float64" && x.buffer.every((v: number) => Math.abs(v) < 2 ** 24)) &&
        primitiveOf(name).type(each.operands, each.params).dtype !== "float64",
    );
    const allowed = cases.filter((each) => !isRefused(each));
    const inputs = allowed.flatMap(({ operands }) => operands.map((x) => tensor(x.cast("float32"))));
    const f = (...xs: Tensor[]): Tensor[] => {
      let at = 0;
      return allowed.map(({ operands, params }) => {
        const own = xs.slice(at, at + operands.length);
        at += operands.length;
        return bind(primitiveOf(name), throughFloat(operands.map((x) => x.dtype))(own), params);
      });
    };
    if (lacksBody(allowed, f, inputs)) return;
    const { got, want } = await runBoth(backend, f, inputs as never);
    allowed.forEach((each, i) => {
      const isExact = got[i].dtype !== "float32";
      expectNear(got[i], want[i], isExact ? 0 : 1e-5, isExact ? undefined : scaleOf(each));
    });
    // An empty result needs no kernel, and some sums and powers are their operand.
    const isWork = ({ operands, params }: PrimitiveCase) =>
      operands.every((x) => x.size > 1) &&
      !/:(0|1|\[\])[,}]/.test(JSON.stringify(params).replace(/"(axis|word|batchAxes|size)":\d+/g, ""));
    for (const { operands, params } of cases.filter((each) => isRefused(each) && isWork(each)).slice(0, 1)) {
      const floats = operands.map((x) => tensor(x.cast("float32")));
      const refused = (...xs: Tensor[]) =>
        bind(primitiveOf(name), throughFloat(operands.map((x) => x.dtype))(xs), params);
      await expect(runBoth(backend, refused, floats as never)).rejects.toThrow(BackendError);
    }
  });
}

/** A function may do without a body for GPUs: then it says so. */
function lacksBody(
  cases: readonly PrimitiveCase[],
  f: (...xs: Tensor[]) => Tensor[],
  inputs: readonly Tensor[],
): boolean {
  try {
    if (cases.length > 0) plan(trace(f)(...inputs)).sources("gpujs");
    return false;
  } catch (error) {
    if (error instanceof BackendError && error.message.includes("must have a body for GPUs")) return true;
    throw error;
  }
}

/** What is promised of numbers that are not finite: they arrive, are moved and chosen; arithmetic on them is not promised. */
export function specialSuite(backend: AsyncBackend): void {
  it("moves and chooses infinities and NaN as they are", async () => {
    const x = tensor([1, Infinity, -Infinity, Number.NaN, -2, 0], { dtype: "float32" });
    const mask = tensor([1, 0, 0, 0, 1, 1], { dtype: "float32" });
    const f = (a: Tensor, m: Tensor): Tensor[] => [
      a.reshape([2, 3]).transpose(),
      where(m.greater(0), a, 0).sum(),
      where(m.greater(0), a, tensor(Number.NEGATIVE_INFINITY, { dtype: "float32" })),
      where(m.greater(0), a.abs().sqrt(), 7),
      a.slice([0, 3]).less(0),
    ];
    const { got, want } = await runBoth(backend, f, [x, mask]);
    expectSameBits(got, want);
  });
}

/** Random programs: smooth ones against float64, others against the reference in float32. */
export function programSuite(backend: AsyncBackend, runs: number): void {
  const sample = (options: Parameters<typeof randomPrograms>[0], seed: number) =>
    fc.sample(randomPrograms(options), { seed, numRuns: runs / 2 });

  it(`performs ${runs / 2} smooth random programs within 1e-4 of float64`, async () => {
    for (const { f, inputs } of sample({ dtype: "float32", kinds: ["smooth", "stop"], steps: 10 }, 1)) {
      const { got } = await runBoth(backend, (...xs) => f(...xs), inputs);
      const want = f(...inputs.map((x) => x.cast("float64")));
      got.forEach((y, i) => {
        if (want[i].dtype === "float64") expectNear(y.cast("float64"), want[i], 1e-4, () => 1);
      });
    }
  });

  it(`performs ${runs / 2} random programs of every kind as the reference does`, async () => {
    for (const { f, inputs } of sample({ dtype: "float32", kinds: ["smooth", "kinky", "stop"], steps: 14 }, 2)) {
      const { got, want } = await runBoth(backend, (...xs) => f(...xs), inputs);
      got.forEach((y, i) => {
        expectNear(y, want[i], 3e-3, () => 1);
      });
    }
  });
}

import { caseFamilies, type PrimitiveCase, primitiveNames, ulpsApart } from "@pushforward/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ExpressionGraph, printJs } from "../../../src/expression/index.ts";
import { type DType, dtypes, evaluate, type Primitive, primitives, type TypedArray } from "../../../src/index.ts";
import { compileKernel, evaluateJs, fmaModes } from "./support/runKernel.ts";

/** Largest error in float64 ulps, float32 ulps; a primitive that is not listed has the reference's bits. */
const bounds: { readonly [name: string]: readonly [float64: number, float32: number] } = {
  exp: [2, 2],
  expm1: [2, 2],
  log: [2, 2],
  log1p: [2, 2],
  sin: [2, 2],
  cos: [2, 2],
  atan: [2, 2],
  tanh: [2, 2],
  sigmoid: [2, 2.5],
  erf: [2, 2],
  erfInv: [2, 2.5],
  rsqrt: [2, 2],
  pow: [0, 1],
};

const primitiveOf = (name: string): Primitive<object> => primitives[name as "add"] as unknown as Primitive<object>;
const kernels = primitiveNames.filter((name) => primitiveOf(name).kernel !== undefined);

/** Cases of one primitive and dtype, joined by params and result into arrays that are long enough for whole vectors. */
function joined(name: string, dtype: DType): { example: PrimitiveCase; columns: number[][] }[] {
  const family = caseFamilies[name as "add"];
  const groups = new Map<string, { example: PrimitiveCase; columns: number[][] }>();
  for (const values of ["wide", "special"] as const) {
    for (const each of fc.sample(family.cases({ dtype, values }), { seed: 7, numRuns: 60 })) {
      const example = { name, ...each } as PrimitiveCase;
      const key = JSON.stringify([each.params, each.operands.map((x) => x.dtype)]);
      const group = groups.get(key) ?? { example, columns: each.operands.map(() => []) };
      groups.set(key, group);
      each.operands.forEach((x, i) => {
        group.columns[i].push(...x.buffer);
      });
    }
  }
  return [...groups.values()].filter(({ columns }) => columns[0].length > 0);
}

const arrays: Readonly<Record<DType, (values: number[]) => TypedArray>> = {
  float64: (values) => Float64Array.from(values),
  float32: (values) => Float32Array.from(values),
  int32: (values) => Int32Array.from(values),
  bool: (values) => Uint8Array.from(values),
};

describe.each(kernels)("%s over vectors", (name) => {
  const primitive = primitiveOf(name);
  for (const dtype of dtypes.filter((d) => caseFamilies[name].dtypes.includes(d))) {
    it(`computes in ${dtype} what the reference computes`, () => {
      for (const { example, columns } of joined(name, dtype)) {
        const types = example.operands.map((x) => x.dtype);
        const inputs = columns.map((values, i) => arrays[types[i]](values));
        const size = inputs[0].length;
        const operands = inputs.map((buffer, i) => ({ ...example.operands[i], buffer, shape: [size] }));
        const type = primitive.type(operands as never, example.params);
        const want = primitive.eval(operands as never, example.params, type);
        const graph = new ExpressionGraph();
        const nodes = types.map((t, i) => graph.input(i, t));
        const node = graph.apply(primitive.kernel!(example.params), nodes, type.dtype);
        const bound =
          type.dtype === "float64" || type.dtype === "float32"
            ? (bounds[name]?.[type.dtype === "float64" ? 0 : 1] ?? 0)
            : 0;
        for (const fma of fmaModes) {
          const [got] = compileKernel([node], types, size, fma).run(inputs);
          for (let i = 0; i < size; i++) {
            const label = `${name}(${inputs.map((x) => x[i])}) fma ${fma}`;
            if (bound === 0) expect(got[i], label).toBe(want[i]);
            else
              expect(ulpsApart(got[i], want[i], type.dtype), `${label} ${got[i]} ${want[i]}`).toBeLessThanOrEqual(
                bound,
              );
          }
        }
        const source = printJs([node]);
        for (let i = 0; i < size; i++)
          expect(
            evaluateJs(
              source,
              inputs.map((x) => x[i]),
            )[0],
            `js ${name}`,
          ).toBe(want[i]);
      }
    });
  }
});
void evaluate;

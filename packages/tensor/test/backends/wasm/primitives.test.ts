import { caseFamilies, type PrimitiveCase, primitiveNames, ulpsApart } from "@pushforward/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ulpBounds } from "../../../src/backends/wasm/vector/index.ts";
import { ExpressionGraph, type Node, printJs } from "../../../src/expression/index.ts";
import { type DenseTensor, type DType, dtypes, primitiveOf, type TypedArray, tensor } from "../../../src/index.ts";
import { compileKernel, evaluateJs, fmaModes } from "./support/runKernel.ts";

/** Cases of one primitive joined into operands long enough for whole vectors and a tail. */
interface Column {
  readonly operands: readonly DenseTensor[];
  readonly params: object;
}

type AnyName = keyof typeof caseFamilies;
const expressions = primitiveNames.filter((name) => primitiveOf(name).expression !== undefined);

function columnsOf(name: AnyName, dtype: DType): Column[] {
  const family = caseFamilies[name as "add"];
  const groups = new Map<string, { example: Omit<PrimitiveCase<"add">, "name">; values: number[][] }>();
  for (const values of ["wide", "special"] as const) {
    for (const each of fc.sample(family.cases({ dtype, values }), { seed: 20250519, numRuns: 40 })) {
      const key = JSON.stringify([each.params, each.operands.map((x) => x.dtype)]);
      const group = groups.get(key) ?? { example: each, values: each.operands.map(() => []) };
      groups.set(key, group);
      each.operands.forEach((x, i) => {
        group.values[i].push(...x.buffer);
      });
    }
  }
  return [...groups.values()].map(({ example, values }) => ({
    params: example.params,
    operands: values.map((column, i) => tensor(column, { dtype: example.operands[i].dtype, shape: [column.length] })),
  }));
}

/** Largest distance from the reference; a float32 result of it is rounded once more. */
function boundOf(name: string, dtype: DType): number {
  if (dtype !== "float64" && dtype !== "float32") return 0;
  return (ulpBounds[name]?.[dtype] ?? 0) + (ulpBounds[name] ? 1 : 0);
}

describe.each(expressions)("%s over vectors", (name) => {
  const primitive = primitiveOf(name);
  const allowed = dtypes.filter((dtype) => caseFamilies[name].dtypes.includes(dtype));

  it.each(allowed)("computes in %s what the reference computes", (dtype) => {
    for (const { operands, params } of columnsOf(name, dtype)) {
      const type = primitive.type(operands, params);
      const want = primitive.eval(operands, params, type);
      const node = nodeOf(primitive.expression!(params), operands, type.dtype);
      const inputs = operands.map((x) => x.buffer);
      const bound = boundOf(name, type.dtype);
      for (const fma of fmaModes) {
        const types = operands.map((x) => x.dtype);
        const [got] = compileKernel([node], types, want.length, fma).run(inputs);
        compare(got, want, inputs, bound, name);
      }
      const source = printJs([node]);
      const printed = Array.from(want, (_, i) => evaluateJs(source, valuesAt(inputs, i))[0]);
      // Its kernel is a quotient that is rounded twice.
      compare(printed, want, inputs, name === "rsqrt" ? bound : 0, name);
    }
  });
});

function nodeOf(kernel: string, operands: readonly DenseTensor[], result: DType): Node {
  const graph = new ExpressionGraph();
  const nodes = operands.map((x, i) => graph.input(i, x.dtype));
  return graph.apply(kernel, nodes, result);
}

const valuesAt = (inputs: readonly TypedArray[], i: number): number[] => inputs.map((x) => x[i]);

function compare(
  got: ArrayLike<number>,
  want: TypedArray,
  inputs: readonly TypedArray[],
  bound: number,
  name: string,
): void {
  const dtype = want instanceof Float32Array ? "float32" : "float64";
  for (let i = 0; i < want.length; i++) {
    if (Object.is(got[i], want[i])) continue;
    const off = bound === 0 || want[i] === 0 ? Infinity : ulpsApart(got[i], want[i], dtype);
    if (!(off <= bound)) expect.fail(`${name}(${valuesAt(inputs, i)}) must be ${want[i]}, got ${got[i]}`);
  }
}

import { grad, jvp } from "@pushforward/autodiff";
import { bind, type DenseTensor, interpret, primitiveOf, type Tensor, tensor } from "@pushforward/tensor";
import { caseFamilies, worstError } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { exportTorch } from "../../src/index.ts";
import { type PrimitiveProgram, primitivePrograms } from "../support/primitives.ts";
import { type PythonCase, reasonToSkip, runPython } from "../support/python.ts";

const reason = reasonToSkip("torch");

/** A call of a primitive, and the operands in which it is differentiated. */
interface Call extends PrimitiveProgram {
  readonly smooth: readonly number[];
}

/** The operands of a call that have a derivative. */
function smoothOf({ name, inputs, program }: PrimitiveProgram): number[] {
  const { smoothIn } = caseFamilies[name];
  const isFloat = program.outputs[0].dtype === "float64";
  return inputs.flatMap((x, i) =>
    isFloat && x.dtype === "float64" && (smoothIn === "all" || smoothIn.includes(i)) ? [i] : [],
  );
}

/** Numbers in general position, of the shape of another array. */
const directionOf = ({ size, shape }: Tensor, phase: number): DenseTensor =>
  tensor(
    Array.from({ length: size }, (_, i) => Math.sin(1 + phase + 1.7 * i)),
    { shape },
  );

/** The derivative of a call along directions, and its gradient with a weight for each element of the result. */
function derivativesOf({ name, inputs, params, smooth }: Call): readonly DenseTensor[] {
  const f = (...xs: Tensor[]): Tensor =>
    bind(
      primitiveOf(name),
      inputs.map((x, i) => (smooth.includes(i) ? xs[smooth.indexOf(i)] : x)),
      params,
    );
  const primals = smooth.map((i) => inputs[i]);
  const [value, tangent] = jvp(
    f,
    primals,
    primals.map((x, i) => directionOf(x, i)),
  );
  const weighted = (...xs: Tensor[]): Tensor =>
    f(...xs)
      .mul(directionOf(value as Tensor, 9))
      .sum();
  const gradients = smooth.map((_, argnums) => grad(weighted, { argnums })(...primals) as DenseTensor);
  return [tangent as DenseTensor, ...gradients];
}

/** The same derivatives by torch.func. */
function derivativeCase({ program, inputs, smooth }: Call): PythonCase {
  const primals = smooth.map((i) => inputs[i]);
  const arrays = inputs.map((_, i) => (smooth.includes(i) ? `xs[${smooth.indexOf(i)}]` : `arrays[${i}]`));
  const main = [
    "def main(*arrays):",
    `    f = lambda *xs: program(${arrays.join(", ")})`,
    `    primals = tuple(arrays[i] for i in ${JSON.stringify(smooth)})`,
    `    _, tangent = torch.func.jvp(f, primals, arrays[${inputs.length}:-1])`,
    "    return [tangent, *torch.func.vjp(f, *primals)[1](arrays[-1])]",
  ];
  return {
    source: `${exportTorch(program).text}\n\n${main.join("\n")}\n`,
    inputs: [...inputs, ...primals.map(directionOf), directionOf(program.outputs[0], 9)],
  };
}

/** A call on two equal rows of a batch by torch.func.vmap; the result is the second row. */
const mappedCase = ({ program, inputs }: PrimitiveProgram): PythonCase => ({
  source: `${exportTorch(program).text}\n\ndef main(*xs):\n    return torch.func.vmap(program)(*(torch.stack([x, x]) for x in xs))[1]\n`,
  inputs,
});

/** Largest difference, relative to elements above 1; primitives.test compares values more tightly. */
const tolerance = { float64: 1e-11, float32: 1e-5, int32: 0, bool: 0 } as const;

/** The fault of results, or none. */
function faultsOf(title: string, got: readonly DenseTensor[] | string, want: readonly DenseTensor[]): string[] {
  if (typeof got === "string") return [`${title}: ${got}`];
  return want.flatMap((x, i) => {
    const isSame = got[i].shape.join() === x.shape.join();
    const error = isSame ? worstError(got[i], x, 1) : Infinity;
    return error <= tolerance[x.dtype]
      ? []
      : [`${title}: result ${i} differs by ${error}, must be ${x}, got ${got[i]}`];
  });
}

describe.skipIf(reason)(`transforms of PyTorch${reason ? ` (skipped: ${reason})` : ""}`, () => {
  const programs = reason ? [] : primitivePrograms();
  const calls = programs.map((each) => ({ ...each, smooth: smoothOf(each) })).filter(({ smooth }) => smooth.length > 0);
  const batched = programs.filter(({ inputs }) => inputs.length > 0);
  const control = calls.find(({ name, inputs: [x] }) => name === "abs" && x.size > 4)!;
  const results = reason
    ? []
    : runPython("torch", [
        ...calls.map(derivativeCase),
        ...batched.map(mappedCase),
        { ...derivativeCase(control), source: derivativeCase(control).source.replace("torch.abs(x0)", "x0") },
      ]);

  it("give our derivatives of every primitive, forwards and backwards", () => {
    const faults = calls.flatMap((call, i) => faultsOf(call.title, results[i], derivativesOf(call)));
    expect(faults).toEqual([]);
    expect(new Set(calls.map(({ name }) => name)).size).toBeGreaterThan(40);
  });

  it("map every primitive over a batch", () => {
    const faults = batched.flatMap(({ title, program, inputs }, i) =>
      faultsOf(title, results[calls.length + i], interpret(program, inputs) as DenseTensor[]),
    );
    expect(faults).toEqual([]);
    expect(batched.length).toBeGreaterThan(700);
  });

  it("give another derivative of another function (control)", () => {
    expect(faultsOf("abs", results.at(-1)!, derivativesOf(control))).not.toEqual([]);
  });
});

import { bind, type DenseTensor, interpret, primitiveOf } from "@pushforward/tensor";
import { isReordered, worstError } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { exportProgram, type TargetName, targets } from "../../src/index.ts";
import { type PrimitiveProgram, primitivePrograms } from "./primitives.ts";
import { type PythonResult, reasonToSkip, runPython } from "./python.ts";
import { trapCase, trapResult, traps } from "./traps.ts";

/** Largest relative difference of a primitive, by its dtype. */
const tolerance = { float64: 1e-13, float32: 1e-6, int32: 0, bool: 0 } as const;

/** Σ|terms| of a sum, element by element: the scale of its rounding errors. */
function termsOf({ name, inputs, params }: PrimitiveProgram): DenseTensor {
  const sizes = inputs.map((x, i) => (name === "scatterAdd" && i === 1 ? x : x.abs()));
  return bind(primitiveOf(name), sizes, params).cast("float64") as DenseTensor;
}

/** The fault of a result of Python, or undefined. */
function faultOf(title: string, got: PythonResult, want: DenseTensor, terms?: DenseTensor): string | undefined {
  if (typeof got === "string") return `${title}: ${got}`;
  if (got[0].dtype !== want.dtype || got[0].shape.join() !== want.shape.join())
    return `${title}: must be ${want.dtype}[${want.shape}], got ${got[0].dtype}[${got[0].shape}]`;
  const error = worstError(got[0], want, terms?.buffer ?? 0);
  return error <= tolerance[want.dtype] ? undefined : `${title}: differs by ${error}, must be ${want}, got ${got[0]}`;
}

/** Faults that must be found in place of the emitted `tanh` of `x0`. */
export interface PrimitiveControls {
  readonly tanhCall: string;
  readonly another: string;
  readonly asFloat32: string;
}

/** Tests of every primitive and trap, executed by a framework. */
export function describePrimitives(to: TargetName, { tanhCall, another, asFloat32 }: PrimitiveControls): void {
  const { title, module } = targets[to];
  const reason = reasonToSkip(module);

  describe.skipIf(reason)(`primitives in ${title}${reason ? ` (skipped: ${reason})` : ""}`, () => {
    const programs = reason ? [] : primitivePrograms();
    const primitiveCases = programs.map(({ program, inputs }) => ({
      source: exportProgram(program, to, { name: "main" }).text,
      inputs,
    }));
    const trapCases = traps.map((trap) => trapCase(to, trap));
    // Controls: another function, another row of indices, another dtype.
    const tanh = programs.findIndex(({ name, inputs: [x] }) => name === "tanh" && x.size > 4 && x.dtype === "float64");
    const broken = reason
      ? []
      : [
          { ...primitiveCases[tanh], source: primitiveCases[tanh].source.replace(tanhCall, another) },
          {
            ...primitiveCases[tanh],
            source: primitiveCases[tanh].source.replace(tanhCall, asFloat32),
          },
        ];
    const all = [...primitiveCases, ...trapCases, ...broken];
    const results = reason ? [] : runPython(to, all);

    it("compute what the reference computes, in every dtype and shape", () => {
      const faults = programs.map((each, i) =>
        faultOf(
          each.title,
          results[i],
          interpret(each.program, each.inputs)[0] as DenseTensor,
          isReordered(each.name) || each.name === "cumsum" ? termsOf(each) : undefined,
        ),
      );
      expect(faults.filter((fault) => fault)).toEqual([]);
      expect(programs.length).toBeGreaterThan(750);
    });

    it.each(traps.map((trap, i) => [trap.title, trap, i] as const))("%s", (title, trap, i) => {
      expect(faultOf(title, results[programs.length + i], trapResult(trap))).toBeUndefined();
    });

    it("differ where the emitted source is another function, or has another dtype (control)", () => {
      const [want] = interpret(programs[tanh].program, programs[tanh].inputs) as DenseTensor[];
      for (const result of results.slice(-2)) expect(faultOf("tanh", result, want)).toMatch(/^tanh: /);
    });
  });
}

import { formatShape, sizeOf } from "../array/shape.ts";
import { DenseTensor, type Tensor } from "../array/tensor.ts";
import { knownName } from "../primitives/index.ts";
import type { Equation } from "../program/equation.ts";
import { roleOf } from "./role.ts";
import type { Staged } from "./stage.ts";

/** Maps that only one reduction reads, with that reduction: they are computed inside it. */
export function inlinedMaps(
  equations: readonly Equation[],
  outputs: readonly Tensor[],
  { definitions, consumers }: Staged,
): Map<Equation, Equation> {
  const isOutput = new Set(outputs);
  const inlined = new Map<Equation, Equation>();
  for (const reduction of equations) {
    if (roleOf(reduction) !== "reduce") continue;
    const visit = (x: Tensor): void => {
      const map = definitions.get(x);
      if (!map || roleOf(map) !== "map" || isOutput.has(x)) return;
      const isPrivate = consumers.get(x)!.every((reader) => reader === reduction || inlined.get(reader) === reduction);
      if (!isPrivate) return;
      inlined.set(map, reduction);
      for (const operand of map.operands) if (sizeOf(operand.shape) === sizeOf(x.shape)) visit(operand);
    };
    visit(reduction.operands[0]);
  }
  return inlined;
}

/**
 * Maps of one stage that become one kernel: they share a shape and, directly or not, values of that size. A constant that both repeat is no
 * such value: nothing is read for it, and a kernel of both would make a value that only one of them needs early.
 */
export function groupMaps(maps: readonly Equation[], { definitions }: Pick<Staged, "definitions">): Equation[][] {
  const parent = maps.map((_, i) => i);
  const rootOf = (i: number): number => (parent[i] === i ? i : rootOf(parent[i]));
  const touched = new Map<string, number>();
  const ids = new Map<Tensor, number>();
  maps.forEach(({ operands, output }, i) => {
    const size = sizeOf(output.shape);
    const linking = [...operands.filter((x) => sizeOf(x.shape) === size && !isConstant(x, definitions)), output];
    for (const x of size === 1 ? [output] : linking) {
      if (!ids.has(x)) ids.set(x, ids.size);
      const key = `${ids.get(x)} ${formatShape(output.shape)}`;
      const other = touched.get(key);
      if (other !== undefined) parent[rootOf(i)] = rootOf(other);
      touched.set(key, i);
    }
    // Scalars form one kernel: the launch is its only cost.
    if (size === 1) {
      const other = touched.get("scalars");
      if (other !== undefined) parent[rootOf(i)] = rootOf(other);
      touched.set("scalars", i);
    }
  });
  const groups = new Map<number, Equation[]>();
  maps.forEach((map, i) => {
    const key = rootOf(i);
    groups.set(key, [...(groups.get(key) ?? []), map]);
  });
  return [...groups.values()];
}

/** Whether a value is a constant, or repeats one. */
function isConstant(x: Tensor, definitions: Staged["definitions"]): boolean {
  const definition = definitions.get(x);
  const isRepeated = definition !== undefined && knownName(definition.primitive) === "broadcastTo";
  return x instanceof DenseTensor || (isRepeated && definition.operands[0] instanceof DenseTensor);
}

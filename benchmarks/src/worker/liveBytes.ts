import { bytesPerElement, constantsOf, type Program, type Tensor, Variable } from "@pushforward/tensor";

/**
 * The largest number of bytes of a program's live values when its equations run in order and every value is dropped after its
 * last use: inputs, constants and outputs stay, and the result of a view primitive has no bytes of its own.
 *
 *   max over i of Σ bytes(x),   x made before or by equation i and needed at i or later
 */
export function liveBytes(program: Program): number {
  const owners = new Map<Tensor, Tensor>();
  const ownerOf = (x: Tensor): Tensor => owners.get(x) ?? x;
  for (const { primitive, operands, output } of program.equations) {
    if (primitive.role === "view") owners.set(output, ownerOf(operands[0]));
  }
  const lastUse = new Map<Tensor, number>();
  program.equations.forEach(({ operands }, i) => {
    for (const operand of operands) lastUse.set(ownerOf(operand), i);
  });
  const isKept = new Set<Tensor>([...program.inputs, ...program.outputs.map(ownerOf)]);
  let live = [...program.inputs, ...constantsOf(program)].reduce((sum, x) => sum + bytesOf(x), 0);
  let most = live;
  program.equations.forEach(({ operands, output }, i) => {
    if (!owners.has(output)) live += bytesOf(output);
    most = Math.max(most, live);
    for (const value of new Set(operands.map(ownerOf))) {
      const isDropped = value instanceof Variable && lastUse.get(value) === i && !isKept.has(value);
      if (isDropped) live -= bytesOf(value);
    }
  });
  return most;
}

const bytesOf = (x: Tensor): number => x.size * bytesPerElement(x.dtype);

import { ShapeError } from "../array/errors.ts";
import { mustBe } from "../array/mustBe.ts";
import { quote } from "../array/quote.ts";
import { formatShape } from "../array/shape.ts";
import type { Tensor, TensorLike } from "../array/tensor.ts";
import { matmul } from "./contraction.ts";
import { promote } from "./operands.ts";
import { sum } from "./reduction.ts";
import { reshape, transpose } from "./structural.ts";

/** One operand of einsum with its letters. */
interface Labelled {
  readonly x: Tensor;
  readonly letters: readonly string[];
}

/**
 * Einstein summation for one or two operands, e.g. `einsum("bij,bjk->bik", x, y)`; without "->" the letters that occur once
 * are kept in alphabetical order.
 *
 * @throws ShapeError for unknown letters, repeated letters in one operand, or sizes that disagree
 */
export const einsum = (spec: string, ...operands: readonly TensorLike[]): Tensor => {
  mustBe("einsum", "the first argument", spec, "text");
  const { inputs, output } = parseSpec(spec, operands.length);
  const labelled = promote("einsum", operands).map((x, i) => checkLetters(spec, { x, letters: inputs[i] }));
  const needed = (i: number): Set<string> => new Set([...output, ...(labelled[1 - i]?.letters ?? [])]);
  const reduced = labelled.map((operand, i) => sumUnneeded(operand, needed(i)));
  const result = reduced.length === 1 ? reduced[0] : contract(spec, reduced[0], reduced[1], output);
  return transpose(
    result.x,
    output.map((letter) => result.letters.indexOf(letter)),
  );
};

function parseSpec(spec: string, count: number): { inputs: string[][]; output: string[] } {
  const [left, right, ...more] = spec.replaceAll(" ", "").split("->");
  const inputs = left.split(",").map((letters) => [...letters]);
  if (more.length > 0) throw new ShapeError(`einsum: ${quote(spec)} must have at most one "->"`);
  if (inputs.length !== count || count > 2 || count === 0 || !/^[a-zA-Z,]*$/.test(left)) {
    throw new ShapeError(`einsum: ${quote(spec)} must name one or two operands by letters, got ${count} operand(s)`);
  }
  const all = inputs.flat();
  const once = [...new Set(all)].filter((letter) => all.filter((other) => other === letter).length === 1).sort();
  const output = right === undefined ? once : [...right];
  const unknown = output.find((letter) => !all.includes(letter));
  if (unknown !== undefined || new Set(output).size !== output.length) {
    throw new ShapeError(
      `einsum: output letters of ${quote(spec)} must be distinct and occur in an operand, got ${quote(output.join(""))}`,
    );
  }
  return { inputs, output };
}

function checkLetters(spec: string, operand: Labelled): Labelled {
  const { x, letters } = operand;
  if (letters.length !== x.rank || new Set(letters).size !== letters.length) {
    throw new ShapeError(
      `einsum: ${quote(letters.join(""))} of ${quote(spec)} must have one distinct letter per axis of ${formatShape(x.shape)}`,
    );
  }
  return operand;
}

function sumUnneeded({ x, letters }: Labelled, needed: ReadonlySet<string>): Labelled {
  const axes = letters.flatMap((letter, axis) => (needed.has(letter) ? [] : [axis]));
  return { x: sum(x, axes), letters: letters.filter((letter) => needed.has(letter)) };
}

/** Brings both operands to [batch, rows, inner] × [batch, inner, columns] and multiplies. */
function contract(spec: string, a: Labelled, b: Labelled, output: readonly string[]): Labelled {
  const sizes = new Map<string, number>();
  for (const { x, letters } of [a, b]) {
    letters.forEach((letter, axis) => {
      const known = sizes.get(letter) ?? x.shape[axis];
      if (known !== x.shape[axis])
        throw new ShapeError(
          `einsum: "${letter}" of ${quote(spec)} must have one size, got ${known} and ${x.shape[axis]}`,
        );
      sizes.set(letter, known);
    });
  }
  const shared = a.letters.filter((letter) => b.letters.includes(letter));
  const batch = shared.filter((letter) => output.includes(letter));
  const inner = shared.filter((letter) => !output.includes(letter));
  const rows = a.letters.filter((letter) => !shared.includes(letter));
  const columns = b.letters.filter((letter) => !shared.includes(letter));
  const size = (letters: readonly string[]): number => letters.reduce((n, letter) => n * sizes.get(letter)!, 1);
  const arrange = ({ x, letters }: Labelled, order: readonly string[], shape: number[]): Tensor =>
    reshape(
      transpose(
        x,
        order.map((letter) => letters.indexOf(letter)),
      ),
      shape,
    );
  const left = arrange(a, [...batch, ...rows, ...inner], [size(batch), size(rows), size(inner)]);
  const right = arrange(b, [...batch, ...inner, ...columns], [size(batch), size(inner), size(columns)]);
  const letters = [...batch, ...rows, ...columns];
  return {
    x: reshape(
      matmul(left, right),
      letters.map((letter) => sizes.get(letter)!),
    ),
    letters,
  };
}

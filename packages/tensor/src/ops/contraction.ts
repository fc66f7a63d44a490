import { ShapeError } from "../errors.ts";
import { bind } from "../interpreter.ts";
import { mustBe } from "../mustBe.ts";
import { primitives as p } from "../primitives/index.ts";
import { noParams } from "../primitives/primitive.ts";
import { quote } from "../quote.ts";
import { type Axes, broadcastShapes, formatShape, type Shape } from "../shape.ts";
import type { Tensor, TensorLike } from "../tensor.ts";
import { mul } from "./arithmetic.ts";
import { broadcast, promote } from "./lift.ts";
import { sum } from "./reduction.ts";
import type { BinaryOp } from "./signatures.ts";
import { expandDims, reshape, transpose } from "./structural.ts";

/**
 * Matrix product with NumPy's rules: [...B, m, k] × [...B, k, n] → [...B, m, n], leading axes broadcast, a 1-d operand is a
 * row on the left and a column on the right.
 *
 * @throws ShapeError if the inner sizes differ
 */
export const matmul: BinaryOp = (x, y) => {
  const [a, b] = promote("matmul", [x, y]);
  if (a.rank === 0 || b.rank === 0)
    throw new ShapeError(`matmul: operands need axes, got ${formatShape(a.shape)} × ${formatShape(b.shape)}; use mul`);
  if (a.rank === 1) return dropAxis(matmul(expandDims(a, 0), b), -2, b.rank === 1);
  if (b.rank === 1) return dropAxis(matmul(a, expandDims(b, 1)), -1, false);
  // A left operand with leading axes against one matrix is one tall product.
  if (b.rank === 2 && a.rank > 2 && a.shape[a.rank - 1] === b.shape[0]) {
    return reshape(matmul(reshape(a, [-1, b.shape[0]].map(nonNegative(a))), b), [...a.shape.slice(0, -1), b.shape[1]]);
  }
  const batch = leadingAxes(a, b);
  return bind(
    p.dot,
    [broadcast(a, [...batch, ...a.shape.slice(-2)]), broadcast(b, [...batch, ...b.shape.slice(-2)])],
    noParams,
  );
};

/** The axes before the last two, broadcast. */
function leadingAxes(a: Tensor, b: Tensor): Shape {
  try {
    return broadcastShapes("matmul", a.shape.slice(0, -2), b.shape.slice(0, -2));
  } catch {
    throw new ShapeError(
      `matmul: axes before the last two must broadcast, got ${formatShape(a.shape)} × ${formatShape(b.shape)}`,
    );
  }
}

/** Replaces −1 by the product of the leading sizes, which may be 0. */
const nonNegative =
  (a: Tensor) =>
  (n: number): number =>
    n === -1 ? a.shape.slice(0, -1).reduce((product, size) => product * size, 1) : n;

const dropAxis = (x: Tensor, axis: number, isAlreadyScalar: boolean): Tensor => {
  if (isAlreadyScalar) return reshape(x, []);
  const at = axis + x.rank;
  return reshape(
    x,
    x.shape.filter((_, i) => i !== at),
  );
};

/** Σ x·y over the given axes, all by default: the inner product. */
export const dot: (x: TensorLike, y: TensorLike, axis?: Axes) => Tensor = (x, y, axis) => sum(mul(x, y), axis);

/** x_i·y_j of two vectors: [n], [m] → [n, m]. */
export const outer: BinaryOp = (x, y) => {
  const [a, b] = promote("outer", [x, y]);
  if (a.rank !== 1 || b.rank !== 1)
    throw new ShapeError(`outer: needs two vectors, got ${formatShape(a.shape)} and ${formatShape(b.shape)}`);
  return mul(expandDims(a, 1), expandDims(b, 0));
};

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

import { DomainError, formatShape, ShapeError, sameShape, type Tensor } from "@pushforward/tensor";

/** The part of a loss that its messages need. */
interface Named {
  readonly name: string;
}

/**
 * Checks the order of two times wherever values can be read, row by row.
 *
 * @throws DomainError with both values and the row
 */
export function checkOrder({ name }: Named, [early, a]: [string, Tensor], [late, b]: [string, Tensor]): void {
  if (!a.readable || !b.readable) return;
  const [first, second] = [a.dataSync(), b.dataSync()];
  for (let row = 0; row < Math.max(first.length, second.length); row++) {
    const x = first[first.length === 1 ? 0 : row];
    const y = second[second.length === 1 ? 0 : row];
    if (x <= y) continue;
    const digits = x.toFixed(2) === y.toFixed(2) ? 17 : 2;
    const show = (value: number): string => (digits === 2 ? value.toFixed(2) : String(value));
    throw new DomainError(
      `${name}: ${early} must not exceed ${late}, got ${early} = ${show(x)} > ${late} = ${show(y)} at batch row ${row}`,
    );
  }
}

/**
 * Checks a step wherever its values can be read.
 *
 * @throws DomainError unless every one is positive
 */
export function checkPositive({ name }: Named, what: string, value: Tensor): void {
  const bad = value.readable ? value.dataSync().find((x) => !(x > 0)) : undefined;
  if (bad !== undefined) throw new DomainError(`${name}: ${what} must be positive, got ${bad}`);
}

/**
 * Checks that a body returned one number per sample.
 *
 * @throws ShapeError with both shapes
 */
export function checkResult({ name }: Named, result: Tensor, xs: Tensor): Tensor {
  const expected = xs.shape.slice(0, -1);
  if (sameShape(result.shape, expected)) return result;
  throw new ShapeError(
    `${name}: a loss must return one number per sample, ${formatShape(expected)}, got ${formatShape(result.shape)}; use squaredNorm`,
  );
}

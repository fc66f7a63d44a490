import { checkedFunction, checkPoints, checkSameShape, checkTimes } from "@pushforward/flows";
import { DomainError, formatShape, ShapeError, sameShape, sizeOf, Tensor } from "@pushforward/tensor";

/** The part of a loss that its messages need. */
interface Named {
  readonly name: string;
}

/** The part of a loss that lists its inputs. Other inputs of a caller are ignored. */
interface Needing extends Named {
  readonly needs: readonly string[];
}

/**
 * Checks samples: floats [batch, dim], or one sample [dim] as `vmap` passes it. A sample of more axes would be taken for a batch of its
 * rows, each with a weight of its own.
 *
 * @param name what the samples are called
 * @throws ShapeError or DTypeError that names the operation
 */
export function checkBatch(operation: string, x: Tensor, name = "x"): void {
  checkPoints(operation, x, undefined, name);
  const { rank, shape } = x;
  if (rank === 1 || rank === 2) return;
  const advice =
    rank === 0
      ? ""
      : `; use ${name}.reshape([${shape[0]}, ${sizeOf(shape.slice(1))}]), a network restores the axes of a picture itself`;
  throw new ShapeError(`${operation}: ${name} must be [batch, dim], got ${formatShape(shape)}${advice}`);
}

/** The input of any loss, by name. */
type Given = Readonly<Record<string, unknown>>;

/** The functions among the inputs of a loss, with the shape of their results for points [batch, dim]. */
const functions = {
  u: "points",
  phi: "points",
  generator: "points",
  teacher: "points",
  teacherMap: "points",
  unconditional: "points",
  ema: "points",
  solve: "points",
  fakeVelocity: "points",
  ratio: "numbers",
  critic: "numbers",
  normalize: "points",
} as const;

/** The same input with checked functions: their results must fit their points. */
export function checkFunctions({ name, needs }: Needing, given: Given): Given {
  const models = ["u", "phi", "generator"];
  const checked = Object.entries(functions).flatMap(([key, result]) => {
    const f = given[key];
    const isRead = (models.includes(key) || needs.includes(key)) && f !== undefined && f !== null;
    return isRead ? [[key, checkedFunction(name, key, f as (x: Tensor) => Tensor, result)] as const] : [];
  });
  return { ...given, ...Object.fromEntries(checked) };
}

/**
 * Checks shapes and dtypes of samples and times against xs.
 *
 * @throws ShapeError or DTypeError that names the loss and the argument
 */
export function checkSamples({ name, needs }: Needing, given: Given): void {
  const xs = given.xs as Tensor;
  checkBatch(name, xs, "xs");
  const present = (optional: readonly string[]): string[] => optional.filter((each) => needs.includes(each));
  for (const each of ["noise", "data", "v", ...present(["freshNoise"])]) {
    if (given[each] !== undefined && given[each] !== null) checkSameShape(name, each, given[each], xs, " like xs");
  }
  if (needs.includes("pairs")) {
    const { noise, data } = given.pairs as Given;
    checkSameShape(name, "pairs.noise", noise, xs, " like xs");
    checkSameShape(name, "pairs.data", data, xs, " like xs");
  }
  const times = ["s", "t", ...present(["r", "delta", "warmup"])];
  checkTimes(name, xs, Object.fromEntries(times.map((each) => [each, given[each]])), "xs");
}

/**
 * Checks the order of two times row by row, if their values can be read.
 *
 * @throws DomainError with both values and the row
 */
export function checkOrder({ name }: Named, [early, a]: [string, Tensor], [late, b]: [string, Tensor]): void {
  if (!a.readable || !b.readable) return;
  const [first, second] = [a, b].map((time) => time.concrete(name).buffer);
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
 * Checks a step, if its values can be read.
 *
 * @throws DomainError unless all values are positive
 */
export function checkPositive({ name }: Named, what: string, value: Tensor): void {
  const bad = value.readable ? value.concrete(name).buffer.find((x) => !(x > 0)) : undefined;
  if (bad !== undefined) throw new DomainError(`${name}: ${what} must be positive, got ${bad}`);
}

/**
 * Checks that a batch consists of whole groups.
 *
 * @throws ShapeError that names the loss and the group
 */
export function checkGroups({ name }: Named, { shape, rank }: Tensor, group: number): void {
  if (group === 1) return;
  if (rank === 1)
    throw new ShapeError(
      `${name}: xs must be [batch, dim], because the loss compares ${group} samples with each other, got ${formatShape(shape)}; map over whole groups, or pass group: 1`,
    );
  if (shape[0] % group === 0) return;
  throw new ShapeError(
    `${name}: xs must have a multiple of ${group} rows, because the loss compares ${group} samples with each other, got ${formatShape(shape)}; choose another batch, or pass another group`,
  );
}

/**
 * Checks that all samples of a group have the same time, if its values can be read.
 *
 * @throws DomainError with the first two values that differ
 */
export function checkSameTime({ name }: Named, [what, time]: [string, Tensor], group: number): void {
  if (group === 1 || !time.readable) return;
  const values = time.concrete(name).buffer;
  if (values.length === 1) return;
  const row = values.findIndex((value, i) => value !== values[i - (i % group)]);
  if (row < 0) return;
  const first = row - (row % group);
  throw new DomainError(
    `${name}: ${what} must be the same for each group of ${group} samples, got ${values[first]} at batch row ${first} and ${values[row]} at row ${row}; draw times by sampleTimes(key, batch, law, { group: ${group} })`,
  );
}

/**
 * Checks that a body returned one number per sample.
 *
 * @throws ShapeError with both shapes
 */
export function checkResult({ name }: Named, result: Tensor, xs: Tensor): Tensor {
  const expected = xs.shape.slice(0, -1);
  const isTensor = result instanceof Tensor;
  if (isTensor && sameShape(result.shape, expected)) return result;
  const got = isTensor ? formatShape(result.shape) : `a ${typeof result}`;
  throw new ShapeError(
    `${name}: a loss must return one number per sample, ${formatShape(expected)}, got ${got}; use squaredNorm`,
  );
}

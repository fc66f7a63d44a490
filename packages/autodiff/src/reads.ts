import { callerLine, checkSync, DTypeError, type Flattened, isFloat, type Sync, Tensor } from "@pushforward/tensor";

/** A place where a function under a derivative read values as plain numbers: no derivative follows them. */
export interface ValueRead {
  /** item, dataSync, data, toArray or toJSON. */
  readonly operation: string;
  /** File, line and column of the caller; undefined where the engine gives no stack. */
  readonly source: string | undefined;
  /** How often it was read there. */
  readonly count: number;
}

let found: Map<string, ValueRead> | undefined;

/** Runs `f` and lists where it read values that carry a derivative, in the order of the first read. */
export function collectReads<T>(f: () => Sync<T>): { readonly result: T; readonly reads: ValueRead[] } {
  const previous = found;
  const mine = new Map<string, ValueRead>();
  found = mine;
  try {
    return { result: checkSync("collectReads", f()) as T, reads: [...mine.values()] };
  } finally {
    found = previous;
  }
}

/** Adds a read to those that are being collected. */
export function collectRead(operation: string): void {
  if (!found) return;
  const source = callerLine();
  const place = `${operation} ${source}`;
  found.set(place, { operation, source, count: (found.get(place)?.count ?? 0) + 1 });
}

/** What an interpreter of derivatives knows when its function has returned. */
interface Derivative {
  /** The first place that read a value with a tangent. */
  readonly firstRead: Pick<ValueRead, "operation" | "source"> | undefined;
  /** Whether a tangent was stopped on purpose. */
  readonly hasStops: boolean;
  tangentOf(x: Tensor): Tensor | null;
}

/**
 * Throws where reading values has lost the derivative of a result: a plain number is returned, or nothing that is returned depends
 * on what is differentiated, although it was read and nothing was stopped.
 *
 * @throws DTypeError with the first place that reads
 */
export function checkNotLost(operation: string, interpreter: Derivative, { leaves, paths }: Flattened): void {
  const { firstRead, hasStops } = interpreter;
  if (!firstRead) return;
  const number = leaves.findIndex((leaf) => typeof leaf === "number");
  const floats = leaves.filter((leaf) => leaf instanceof Tensor && isFloat(leaf.dtype)) as Tensor[];
  const isConstant = floats.length > 0 && floats.every((x) => interpreter.tangentOf(x) === null);
  if (number < 0 && (hasStops || !isConstant)) return;
  const where = firstRead.source === undefined ? "" : ` at ${firstRead.source}`;
  const why = `but values were read by ${firstRead.operation}()${where}, which cuts derivatives; compute with tensors`;
  if (number < 0)
    throw new DTypeError(
      `${operation}: the result does not depend on what is differentiated, ${why} (or stop the result with stopGradient if it is meant to be constant)`,
    );
  const which = paths[number] === "" ? "the result" : `result "${paths[number]}"`;
  throw new DTypeError(
    `${operation}: ${which} is the plain number ${leaves[number]}, ${why} (or return the number as aux if it is meant to be constant)`,
  );
}

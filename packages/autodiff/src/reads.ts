import { callerLine, checkSync, DTypeError, type Flattened, isFloat, type Sync, Tensor } from "@pushforward/tensor";

/** A place where a differentiated function reads values as plain numbers, which have no derivative. */
export interface ValueRead {
  /** item, dataSync, data, toArray or toJSON. */
  readonly operation: string;
  /** File, line and column of the caller; undefined where the engine gives no stack. */
  readonly source: string | undefined;
  /** Number of reads at this place. */
  readonly count: number;
}

let found: Map<string, ValueRead> | undefined;

/** Runs `f` and lists where it reads values that carry a derivative, in the order of the first read. */
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

/** Adds a read to the current collection. */
export function collectRead(operation: string): void {
  if (!found) return;
  const source = callerLine();
  const place = `${operation} ${source}`;
  found.set(place, { operation, source, count: (found.get(place)?.count ?? 0) + 1 });
}

/** State of a JVP interpreter after its function has returned. */
interface Derivative {
  /** The first read of a value with a tangent. */
  readonly firstRead: Pick<ValueRead, "operation" | "source"> | undefined;
  /** Whether a stop primitive was applied. */
  readonly hasStops: boolean;
  tangentOf(x: Tensor): Tensor | null;
}

/**
 * Throws where reading values has lost the derivative of a result: the function returns a plain number, or no returned tensor depends on
 * the differentiated arguments although values were read and no stop was applied.
 *
 * @throws DTypeError with the place of the first read
 */
export function checkNotLost(operation: string, interpreter: Derivative, { leaves, paths }: Flattened): void {
  const { firstRead, hasStops } = interpreter;
  if (!firstRead) return;
  const number = leaves.findIndex((leaf) => typeof leaf === "number");
  const floats = leaves.filter((leaf) => leaf instanceof Tensor && isFloat(leaf.dtype)) as Tensor[];
  const isConstant = floats.length > 0 && floats.every((x) => interpreter.tangentOf(x) === null);
  if (number < 0 && (hasStops || !isConstant)) return;
  const where = firstRead.source === undefined ? "" : ` at ${firstRead.source}`;
  const why = `${firstRead.operation}() read values${where}, which cuts derivatives; compute with tensors`;
  if (number < 0)
    throw new DTypeError(
      `${operation}: the result must depend on the differentiated arguments, but it does not: ${why} (or pass the result through stopGradient if it is meant to be constant)`,
    );
  const which = paths[number] === "" ? "the result" : `result "${paths[number]}"`;
  throw new DTypeError(
    `${operation}: ${which} must be a tensor, got the plain number ${leaves[number]}: ${why} (or return the number as aux if it is meant to be constant)`,
  );
}

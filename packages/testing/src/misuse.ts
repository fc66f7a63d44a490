import { BackendError, DomainError, DTypeError, ShapeError, Tensor, zeros } from "@pushforward/tensor";

/** Values that are passed by mistake, by name. */
export const mistakes = {
  undefined: () => undefined,
  null: () => null,
  text: () => "text",
  "a numeral": () => "0.5",
  "an object": () => ({}),
  "a Promise": () => Promise.resolve(1),
  "a function": () => () => undefined,
  "a list of text": () => ["text"],
  "a list of a number": () => [0.5],
  NaN: () => Number.NaN,
  "a negative fraction": () => -1.5,
  "a tensor of another shape": () => zeros([7, 5]),
} as const satisfies Record<string, () => unknown>;

/** Mistakes that TypeScript refuses at a place of another kind; undefined and null may mean that nothing is given. */
const wrongKinds: readonly string[] = [
  "text",
  "a numeral",
  "an object",
  "a Promise",
  "a function",
  "a list of text",
  "a list of a number",
];

/** A call of a function with one argument, or one entry of an argument, replaced by a mistake. */
export interface Misuse {
  /** Where the mistake stands, such as 1.solver: the second argument's entry "solver". */
  readonly place: string;
  readonly mistake: keyof typeof mistakes;
  /** "refused" by an error of the framework, "accepted" without an error, or the text of any other error. */
  readonly outcome: string;
  /** Whether it ended with an error that is not the framework's, or took a value of another kind than the valid one. */
  readonly isFault: boolean;
}

const ownErrors = [ShapeError, DTypeError, DomainError, BackendError];

/** A plain object, whose entries can be replaced one by one. */
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** The same object, whose entries are not replaced one by one: for values that only another function makes. */
export const whole = <T extends object>(value: T): T => Object.assign(Object.create({}), value) as T;

/** The kind of a value, as far as the mistakes differ. */
function kindOf(value: unknown): string {
  if (value instanceof Tensor) return "tensor";
  if (value instanceof Promise) return "Promise";
  return Array.isArray(value) ? "list" : typeof value;
}

/** One copy of arguments with one part replaced. */
interface Replaced {
  readonly place: string;
  readonly value: unknown;
  readonly valid: unknown;
}

/** Every copy of a value with one part replaced: the whole, entries of plain objects and first entries of lists. */
function* replaced(valid: unknown, by: () => unknown, place: string): Generator<Replaced> {
  yield { place, value: by(), valid };
  if (isRecord(valid)) {
    for (const [key, entry] of Object.entries(valid)) {
      for (const inner of replaced(entry, by, `${place}.${key}`)) {
        yield { ...inner, value: { ...valid, [key]: inner.value } };
      }
    }
  } else if (Array.isArray(valid) && valid.length > 0) {
    for (const inner of replaced(valid[0], by, `${place}.0`)) {
      yield { ...inner, value: [inner.value, ...valid.slice(1)] };
    }
  }
}

/** The outcome of a call. */
function outcomeOf(call: () => unknown): string {
  try {
    call();
    return "accepted";
  } catch (error) {
    return ownErrors.some((own) => error instanceof own) ? "refused" : String(error);
  }
}

/**
 * Calls a function with every mistake at every place of valid arguments.
 *
 * @param call a call that is valid with the given arguments
 */
export function misuses(call: (...args: never[]) => unknown, args: readonly unknown[]): Misuse[] {
  const names = Object.keys(mistakes) as (keyof typeof mistakes)[];
  return names.flatMap((mistake) =>
    args.flatMap((arg, i) =>
      Array.from(replaced(arg, mistakes[mistake], String(i)), ({ place, value, valid }) => {
        const outcome = outcomeOf(() => call(...(args.map((each, k) => (k === i ? value : each)) as never[])));
        const isOther = wrongKinds.includes(mistake) && kindOf(valid) !== kindOf(mistakes[mistake]());
        return { place, mistake, outcome, isFault: outcome === "accepted" ? isOther : outcome !== "refused" };
      }),
    ),
  );
}

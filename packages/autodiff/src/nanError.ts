import { DomainError, type Equation } from "@pushforward/tensor";

/** The operation that made a NaN or an infinity, and the place of the value in its result. */
export interface NanOrigin {
  /** Name of the primitive. */
  readonly primitive: string;
  /** Source line of the user's code that applied the primitive, if the JavaScript engine provides it. */
  readonly source?: string;
  /** Flat index of the value in the result, and the shape of the result. */
  readonly index: number;
  readonly shape: readonly number[];
  /** NaN, Infinity or -Infinity. */
  readonly value: number;
  /** In a backward pass: the primitive whose transpose made the value. */
  readonly backwardOf?: string;
}

/** The first operation that made a NaN or, where debugNans looks for them, an infinity. */
export class NanError extends DomainError implements NanOrigin {
  readonly primitive: string;
  readonly source: string | undefined;
  readonly index: number;
  readonly shape: readonly number[];
  readonly value: number;
  readonly backwardOf: string | undefined;

  constructor(message: string, { primitive, source, index, shape, value, backwardOf }: NanOrigin) {
    super(message);
    this.primitive = primitive;
    this.source = source;
    this.index = index;
    this.shape = shape;
    this.value = value;
    this.backwardOf = backwardOf;
  }

  /** The same error, saying that it arose while the given equation was transposed. */
  inBackwardOf({ primitive, source }: Equation): NanError {
    if (this.backwardOf !== undefined) return this;
    const place = source === undefined ? "" : ` at ${source}`;
    const message = `${this.message}; in the backward pass of "${primitive.name}"${place}`;
    return new NanError(message, { ...this, source: source ?? this.source, backwardOf: primitive.name });
  }
}

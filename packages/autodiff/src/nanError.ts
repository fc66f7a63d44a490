import { DomainError, type Equation } from "@pushforward/tensor";

/** The first operation that made a NaN, found by debugNans. */
export class NanError extends DomainError {
  /** Name of the primitive. */
  readonly primitive: string;
  /** Source line of the user's code that applied the primitive, if the JavaScript engine provides it. */
  readonly source: string | undefined;
  /** In a backward pass: the primitive whose transpose made the NaN. */
  readonly backwardOf: string | undefined;

  constructor(message: string, primitive: string, source?: string, backwardOf?: string) {
    super(message);
    this.primitive = primitive;
    this.source = source;
    this.backwardOf = backwardOf;
  }

  /** The same error, saying that it arose while the given equation was transposed. */
  inBackwardOf({ primitive, source }: Equation): NanError {
    if (this.backwardOf !== undefined) return this;
    const place = source === undefined ? "" : ` at ${source}`;
    const message = `${this.message}; in the backward pass of "${primitive.name}"${place}`;
    return new NanError(message, this.primitive, source ?? this.source, primitive.name);
  }
}

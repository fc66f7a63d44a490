/** Characters of a message at most: where a value was not cut, the message is. */
const longest = 1000;

/** Characters at the end of a long message that stay: what to do stands there. */
const longestEnd = 300;

/** The errors of these packages: a message for a person, however long the values are that it names. */
class BoundedError extends Error {
  constructor(message = "", options?: ErrorOptions) {
    super(
      message.length > longest
        ? `${message.slice(0, longest - longestEnd - 1)}…${message.slice(-longestEnd)}`
        : message,
      options,
    );
  }
}

/** Sizes or ranks that do not fit an operation. */
export class ShapeError extends BoundedError {
  override readonly name = "ShapeError";
}

/** Element types that do not fit an operation; tensors are never promoted. */
export class DTypeError extends BoundedError {
  override readonly name = "DTypeError";
}

/** A value outside the set on which an operation is defined. */
export class DomainError extends BoundedError {
  override readonly name = "DomainError";
}

/** Something a backend, or the way a program is run on it, cannot do. */
export class BackendError extends BoundedError {
  override readonly name = "BackendError";
}

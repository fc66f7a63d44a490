/** Most characters of a message: a longer one is cut in the middle. */
const longest = 1000;

/** Characters kept at the end of a message that is cut: they say what to do. */
const longestEnd = 300;

/** An error of these packages: its message stays readable however long the values in it are. */
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

/** A request that a backend cannot serve, or not in the environment that it runs in. */
export class BackendError extends BoundedError {
  override readonly name = "BackendError";
}

/** Sizes or ranks that do not fit an operation. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
}

/** Element types that do not fit an operation; tensors are never promoted. */
export class DTypeError extends Error {
  override readonly name = "DTypeError";
}

/** A value outside the set on which an operation is defined. */
export class DomainError extends Error {
  override readonly name = "DomainError";
}

/** Something a backend, or the way a program is run on it, cannot do. */
export class BackendError extends Error {
  override readonly name = "BackendError";
}

import { BackendError, DomainError, DTypeError, ShapeError } from "@pushforward/tensor";

const ownErrors = [BackendError, DomainError, DTypeError, ShapeError];

const isNoMemory = (error: unknown): boolean =>
  error instanceof RangeError &&
  /allocat(e|ion)\b|Invalid (typed )?array length|Invalid string length/.test(error.message);

/** An error in words: the message for mistakes of the user or the machine, the whole stack for a fault of this program. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (isNoMemory(error) || isNoMemory(error.cause)) {
    return `out of memory (${error.message}); choose a smaller --batch, --width or --count`;
  }
  if (ownErrors.some((type) => error instanceof type)) return error.message;
  return error.stack ?? error.message;
}

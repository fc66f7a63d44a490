/** The end of a metrics log. */
export interface LogEnd {
  /** Bytes of its whole lines. */
  readonly bytes: number;
  /** The last whole line without its line end; undefined in an empty log. */
  readonly line?: string;
}

/** The end of the log as metadata of a checkpoint: a last line that is lost in a power cut can be written again. */
export const logEndNote = (end: LogEnd): Record<string, string> => ({ metrics: JSON.stringify(end) });

/** The end of the log that a checkpoint remembers; undefined for a checkpoint without it. */
export function logEndOf(metadata: Readonly<Record<string, string>> = {}): LogEnd | undefined {
  try {
    const { bytes, line } = Object(JSON.parse(metadata.metrics ?? "{}")) as LogEnd;
    return Number.isInteger(bytes) && typeof line === "string" ? { bytes, line } : undefined;
  } catch {
    return undefined;
  }
}

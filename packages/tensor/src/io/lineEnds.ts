const [lineFeed, carriageReturn] = [0x0a, 0x0d];

/** Whether a line ends after this byte: LF, CRLF and CR all end lines. */
export const endsLineAt = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === lineFeed || (bytes[at] === carriageReturn && bytes[at + 1] !== lineFeed);

/** The place after the line in which a byte stands. */
export function endOfLine(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) if (endsLineAt(bytes, at)) return at + 1;
  return bytes.length;
}

/** How many lines end at the bytes from `from` up to, without, `to`. */
export function countLineEnds(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) if (endsLineAt(bytes, at)) count++;
  return count;
}

/** The last place, at most `to`, at which a line begins, or `from`. */
export function lastLineStart(bytes: Uint8Array, from: number, to: number): number {
  const chunk = bytes.subarray(from, to);
  const at = from + Math.max(chunk.lastIndexOf(lineFeed), chunk.lastIndexOf(carriageReturn));
  if (at < from) return from;
  return endsLineAt(bytes, at) ? at + 1 : at + 2; // a pair is not taken apart
}

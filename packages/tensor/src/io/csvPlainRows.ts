import { csvSeparators } from "./csvSeparators.ts";
import { lastLineStart } from "./lineEnds.ts";

/** Bytes of a chunk that is decoded at a time. */
const chunkBytes = 65_536;

/**
 * Visits the lines of a text in which quotes are characters like others.
 *
 * @param visit   gets the cells without the spaces around them, the line from 1, and the bytes before it, about; returns false to stop
 * @param options maxRow: bytes that a line may have, about; tooLong: the error of a longer one
 * @returns       false if visit stopped
 */
export function walkPlainRows(
  bytes: Uint8Array,
  separator: string,
  visit: (cells: string[], line: number, bytes: number) => boolean,
  { maxRow, tooLong }: { readonly maxRow: number; readonly tooLong: (line: number) => Error },
): boolean {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let line = 1;
  for (let begin = 0; begin < bytes.length; ) {
    const end = endOfLines(bytes, begin, maxRow);
    if (end === undefined) throw tooLong(line);
    const lines = decoder.decode(bytes.subarray(begin, end)).split(/\r\n|\n|\r/);
    if (lines.at(-1) === "") lines.pop();
    for (const each of lines) if (!visit(cellsOf(each, separator), line++, begin)) return false;
    begin = end;
  }
  return true;
}

function cellsOf(line: string, separator: string): string[] {
  if (separator !== csvSeparators.space) return line.split(separator).map((cell) => cell.trim());
  const cells = line.split(/ +/);
  if (cells.length > 1 && cells.at(-1) === "") cells.pop();
  if (cells.length > 1 && cells[0] === "") cells.shift();
  return cells.map((cell) => cell.trim());
}

/** The end of the last line that a chunk holds whole, of a larger chunk if it holds none; undefined for a line that is too long. */
function endOfLines(bytes: Uint8Array, begin: number, maxRow: number): number | undefined {
  for (let size = chunkBytes; begin + size < bytes.length; size *= 2) {
    const end = lastLineStart(bytes, begin, begin + size);
    if (end > begin) return end;
    if (size > maxRow) return undefined;
  }
  return bytes.length;
}

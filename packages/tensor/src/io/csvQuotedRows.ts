// the bundled build brings its own Buffer, so it runs in browsers and in Node alike
import { CsvError, parse } from "csv-parse/browser/esm/sync";
import { csvSeparators } from "./csvSeparators.ts";
import { countLineEnds, endsLineAt } from "./lineEnds.ts";

/** Thrown by a visit to end the walk. */
const stop = new Error("stop");
const [space, quoteMark, lineFeed, carriageReturn] = [0x20, 0x22, 0x0a, 0x0d];

/**
 * Visits the rows of a text in which quotes may surround cells, with line ends and separators in them.
 *
 * @param visit   gets the cells without the spaces around them, the line from 1, and the bytes up to its end; returns false to stop
 * @param options maxRow: bytes that a row may have; fault: the error of the row that begins in a line, with the code of csv-parse
 * @returns       false if visit stopped
 */
export function walkQuotedRows(
  bytes: Uint8Array,
  separator: string,
  visit: (cells: string[], line: number, bytes: number) => boolean,
  { maxRow, fault }: { readonly maxRow: number; readonly fault: (line: number, code: string) => Error },
): boolean {
  const text = separator === csvSeparators.space ? joinSpaces(bytes) : bytes;
  // lines are counted here, since csv-parse counts a CRLF in quotes twice
  let [line, end] = [1, 0];
  const visitRecord = (record: string[], at: number): boolean => {
    const passed = countLineEnds(text, end, at);
    const rowLine = line + passed - (endsLineAt(text, at - 1) ? 1 : 0);
    [line, end] = [line + passed, at];
    const cells = record.map((cell) => cell.trim());
    const isBlank = cells.length === 1 && cells[0] === "" && !endsWithQuote(text, at);
    return isBlank || visit(cells, rowLine, at);
  };
  try {
    parse(text, {
      delimiter: separator,
      record_delimiter: ["\r\n", "\n", "\r"],
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      max_record_size: maxRow,
      on_record: (record: string[], info: { bytes: number }) => {
        if (!visitRecord(record, info.bytes)) throw stop;
        return null;
      },
    });
    return true;
  } catch (error) {
    if (error === stop) return false;
    if (!(error instanceof CsvError)) throw error;
    const begin = (error as unknown as { bytes: number }).bytes;
    throw fault(line + countLineEnds(text, end, begin), error.code);
  }
}

/** Whether the line that ends here has a quote at its end: an empty cell in quotes is a gap, no blank line. */
function endsWithQuote(bytes: Uint8Array, end: number): boolean {
  let at = end - 1;
  if (bytes[at] === lineFeed) at--;
  if (bytes[at] === carriageReturn) at--;
  while (bytes[at] === space) at--;
  return bytes[at] === quoteMark;
}

/** The text with one space for each run of them, and none at the start or the end of a line; spaces in quotes stay. */
function joinSpaces(bytes: Uint8Array): Uint8Array {
  const joined = new Uint8Array(bytes.length);
  let length = 0;
  let isQuoted = false;
  for (const byte of bytes) {
    const last = length > 0 ? joined[length - 1] : lineFeed;
    const endsLine = byte === lineFeed || byte === carriageReturn;
    if (byte === quoteMark) isQuoted = !isQuoted;
    if (!isQuoted && last === space && endsLine) length--;
    const isExtra = byte === space && (last === space || last === lineFeed || last === carriageReturn);
    if (isQuoted || !isExtra) joined[length++] = byte;
  }
  const end = !isQuoted && length > 0 && joined[length - 1] === space ? length - 1 : length;
  return joined.subarray(0, end);
}

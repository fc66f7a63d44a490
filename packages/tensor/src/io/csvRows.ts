// the bundled build brings its own Buffer, so it runs in browsers and in Node alike
import { CsvError, parse } from "csv-parse/browser/esm/sync";
import { DomainError } from "../errors.ts";
import { mustBe } from "../mustBe.ts";
import { quote } from "../quote.ts";
import { describeFileKind } from "./fileKind.ts";

/** One row of the file: its line, from 1, and its cells without the spaces around them. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Text of a table: UTF-8 without a mark of byte order, and what its first line says of it. */
export interface CsvText {
  /** Operation and file, for messages. */
  readonly where: string;
  readonly bytes: Uint8Array;
  /** The separator that a first line such as `sep=;` declares. */
  readonly declared?: string;
}

/** Separators by name, in the order in which they are tried. */
export const csvSeparators = { comma: ",", semicolon: ";", tab: "\t", pipe: "|", space: " " } as const;

/** Characters that cannot separate cells, since numbers, quotes and lines need them. */
const taken = /[\w"'.+\-\r\n\\]/;
/** A row of more bytes is refused: a quote that is never closed would swallow the file. */
const maxRowBytes = 16_000_000;
/** Bytes whose encoding is looked at: names of columns stand here, the rest is numbers. */
const encodingBytes = 1_000_000;

/**
 * The character of a separator.
 *
 * @param separator comma, semicolon, tab, pipe, space, or one character that is no part of a number
 * @returns undefined for anything else
 */
export function separatorOf(separator: string): string | undefined {
  if (Object.hasOwn(csvSeparators, separator)) return csvSeparators[separator as keyof typeof csvSeparators];
  if (separator === "\\t") return "\t";
  const isOne = separator.length === 1 && separator.charCodeAt(0) < 128;
  return isOne && !taken.test(separator) ? separator : undefined;
}

/** The name of a separator for messages. */
export const separatorName = (separator: string): string =>
  Object.entries(csvSeparators).find(([, character]) => character === separator)?.[0] ?? quote(separator);

/**
 * Looks at the start of a text: its encoding, and a first line such as `sep=;`.
 *
 * @throws DomainError for UTF-16, compressed files and other formats, by name
 */
export function openCsv(input: string | Uint8Array, where: string): CsvText {
  if (typeof input !== "string") mustBe(where, "an input that is no text", input, "bytes");
  const given = typeof input === "string" ? new TextEncoder().encode(input) : input;
  const fault = describeFileKind(given);
  if (fault) throw new DomainError(`${where} must be text in UTF-8, but ${fault}`);
  const utf8 = isUtf8(given) ? given : new TextEncoder().encode(new TextDecoder("windows-1252").decode(given));
  const hasMark = utf8[0] === 0xef && utf8[1] === 0xbb && utf8[2] === 0xbf;
  const bytes = hasMark ? utf8.subarray(3) : utf8;
  const first = /^sep=(.)[\r\n]/i.exec(new TextDecoder().decode(bytes.subarray(0, 9)));
  if (!first) return { where, bytes };
  // the line stays as an empty one, so that lines are counted as an editor counts them
  return { where, bytes: bytes.subarray(first[0].length - 1), declared: separatorOf(first[1]!) };
}

/** Whether the start is UTF-8; older programs on Windows write names of columns in windows-1252. */
function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, encodingBytes), { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** Thrown by a visit to end the walk. */
const stop = new Error("stop");

/**
 * Visits the rows of a text from the first to the last in linear time; blank lines are left out.
 *
 * @param visit   gets each row and the bytes up to its end, and returns false to stop
 * @param options keepsQuotes: quotes are characters like others
 * @throws DomainError for quotes that do not open and close a whole cell, and for rows of 16 MB
 */
export function walkRows(
  { bytes, where }: CsvText,
  separator: string,
  visit: (row: CsvRow, bytes: number) => boolean,
  options: { readonly keepsQuotes?: boolean } = {},
): void {
  try {
    parse(separator === csvSeparators.space ? joinSpaces(bytes) : bytes, {
      delimiter: separator,
      record_delimiter: ["\r\n", "\n", "\r"],
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      max_record_size: maxRowBytes,
      ...(options.keepsQuotes ? { quote: false } : {}),
      on_record: (record: string[], info: { lines: number; bytes: number }) => {
        const cells = record.map((cell) => cell.trim());
        const isBlank = cells.length === 1 && cells[0] === "";
        if (!isBlank && !visit({ line: info.lines, cells }, info.bytes)) throw stop;
        return null;
      },
    });
  } catch (error) {
    if (error !== stop) throw inOurWords(error, where);
  }
}

const [space, quoteMark, lineFeed, carriageReturn] = [0x20, 0x22, 0x0a, 0x0d];

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

function inOurWords(error: unknown, where: string): unknown {
  if (!(error instanceof CsvError)) return error;
  const line = (error as unknown as { lines: number }).lines;
  if (error.code === "CSV_MAX_RECORD_SIZE") {
    return new DomainError(
      `${where} row ${line} must be shorter than ${maxRowBytes / 1e6} MB; is a quote never closed, or are there no line ends?`,
    );
  }
  return new DomainError(`${where} row ${line}: quotes must open and close a whole cell; ${quote(error.message)}`);
}

/** Rows and bytes that decide on separator and header. */
const sampleRows = 64;
const sampleBytes = 262_144;

/** The start of a table. */
export interface CsvStart {
  readonly rows: readonly CsvRow[];
  /** What ended the walk before its time. */
  readonly fault?: unknown;
}

/** The first rows: two if there are two, however long they are, then some more. */
export function firstRows(text: CsvText, separator: string): CsvStart {
  const rows: CsvRow[] = [];
  try {
    walkRows(text, separator, (row, bytes) => {
      rows.push(row);
      return rows.length < 2 || (rows.length < sampleRows && bytes < sampleBytes);
    });
  } catch (fault) {
    return { rows, fault };
  }
  return { rows };
}

/** Cells of the first two rows, with the quotes around them. */
export function rawStart(text: CsvText, separator: string): (readonly string[])[] {
  const rows: (readonly string[])[] = [];
  walkRows(text, separator, ({ cells }) => rows.push(cells) < 2, { keepsQuotes: true });
  return rows;
}

import { DomainError } from "../array/errors.ts";
import { mustBe } from "../array/mustBe.ts";
import { separatorOf } from "./csvSeparators.ts";
import { describeFileKind } from "./fileKind.ts";
import { endOfLine } from "./lineEnds.ts";

/** Text of a table: UTF-8 without a mark of byte order, and the information from the lines above the table. */
export interface CsvText {
  /** Operation and file, for messages. */
  readonly where: string;
  /** The table. */
  readonly bytes: Uint8Array;
  /** Line of the file, from 1, at which the table begins. */
  readonly line: number;
  /** The separator that a first line such as `sep=;` declares. */
  readonly declared?: string | undefined;
  /** The line just above the table if it begins with #: numpy.savetxt writes names in this way. */
  readonly remark?: string;
}

/** Bytes whose encoding is checked: they hold the names of columns, and the rest is numbers. */
const encodingBytes = 1_000_000;

/**
 * Reads the start of a text: its encoding, a first line such as `sep=;`, and lines that begin with #.
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
  return withoutRemarks(withoutDeclaration({ where, bytes: hasMark ? utf8.subarray(3) : utf8, line: 1 }));
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

function withoutDeclaration(text: CsvText): CsvText {
  const first = /^("?)sep=(.)\1(\r\n|\n|\r)/i.exec(new TextDecoder().decode(text.bytes.subarray(0, 16)));
  if (!first) return text;
  return { ...text, bytes: text.bytes.subarray(first[0].length), line: 2, declared: separatorOf(first[2]!) };
}

/** Cells of a spreadsheet that begin with # and are no remarks. */
const errorCell = /^#(N\/A|NA|DIV\/0!|VALUE!|REF!|NAME\?|NUM!|NULL!)/i;
const remarkSign = 0x23;

function withoutRemarks(text: CsvText): CsvText {
  let { bytes, line, remark } = text;
  while (bytes[0] === remarkSign) {
    const end = endOfLine(bytes, 0);
    const first = new TextDecoder().decode(bytes.subarray(0, end));
    if (errorCell.test(first)) break;
    [bytes, line, remark] = [bytes.subarray(end), line + 1, first.trim()];
  }
  return remark === undefined ? text : { ...text, bytes, line, remark };
}

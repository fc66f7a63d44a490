/** A kind of file that is mistaken for another: its first bytes, its name, and what to do with it. */
interface FileKind {
  readonly start: readonly number[] | string;
  readonly name: string;
  readonly remedy: string;
}

const asCsv = "save it as CSV text in UTF-8";

/** First bytes of kinds of files that occur under a wrong name. @source file(1), magic numbers of each format */
const kinds: readonly FileKind[] = [
  { start: [0x1f, 0x8b], name: "gzip", remedy: "unpack it with gunzip first" },
  { start: "PK\x03\x04", name: "a zip archive (.npz, .xlsx or .zip)", remedy: `call an .npz file .npz, or ${asCsv}` },
  { start: "PK\x05\x06", name: "an empty zip archive", remedy: asCsv },
  { start: [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59], name: "a NumPy array", remedy: "call it .npy" },
  { start: "PAR1", name: "a Parquet file", remedy: asCsv },
  { start: "ARROW1", name: "an Arrow file", remedy: asCsv },
  { start: [0x89, 0x48, 0x44, 0x46], name: "an HDF5 file", remedy: asCsv },
  { start: [0xd0, 0xcf, 0x11, 0xe0], name: "an Excel file", remedy: asCsv },
  { start: "BZh", name: "bzip2", remedy: "unpack it with bunzip2 first" },
  { start: [0xfd, 0x37, 0x7a, 0x58, 0x5a], name: "xz", remedy: "unpack it with unxz first" },
  { start: [0x28, 0xb5, 0x2f, 0xfd], name: "zstd", remedy: "unpack it with unzstd first" },
  { start: "SQLite format 3", name: "an SQLite database", remedy: asCsv },
  { start: "%PDF", name: "a PDF", remedy: asCsv },
  { start: [0xff, 0xfe, 0, 0], name: "text in UTF-32", remedy: "save it as UTF-8" },
  { start: [0, 0, 0xfe, 0xff], name: "text in UTF-32", remedy: "save it as UTF-8" },
  { start: [0xff, 0xfe], name: "text in UTF-16", remedy: "save it as UTF-8" },
  { start: [0xfe, 0xff], name: "text in UTF-16", remedy: "save it as UTF-8" },
];

function startsWith(bytes: Uint8Array, { start }: FileKind): boolean {
  const signature = typeof start === "string" ? Array.from(start, (character) => character.charCodeAt(0)) : start;
  return signature.every((byte, i) => bytes[i] === byte);
}

/** Bytes in which text shows whether it is UTF-16 without a mark. */
const looked = 4096;

/**
 * The kind of a file that is neither text in UTF-8 nor of the kind of its name, and what to do: "it is gzip; unpack it with gunzip first".
 *
 * @returns undefined for everything that may be text in UTF-8
 */
export function describeFileKind(bytes: Uint8Array): string | undefined {
  const kind = kinds.find((each) => startsWith(bytes, each));
  if (kind) return `it is ${kind.name}; ${kind.remedy}`;
  const zeros = [0, 0];
  const start = bytes.subarray(0, looked);
  for (let i = 0; i < start.length; i++) if (start[i] === 0) zeros[i % 2]!++;
  const [even, odd] = zeros as [number, number];
  if (even + odd === 0) return undefined;
  const isWide = Math.min(even, odd) === 0 && 4 * (even + odd) >= start.length;
  return isWide ? "it is text in UTF-16; save it as UTF-8" : "it has zero bytes in it; save it as text in UTF-8";
}
